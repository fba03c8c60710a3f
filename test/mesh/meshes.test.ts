import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { expect } from 'chai';
import { findEnvoy } from '../../envoy/find-envoy.ts';
import { check } from '../support/envoy-config.ts';
import { reasonOf } from '../support/gateway-site.ts';
import { send } from '../support/send.ts';
import { bypasses, calls, strangers, type TableCall } from './calls.ts';
import { startEnvoyGateway } from './envoy-gateway.ts';
import { startIstio } from './istio.ts';
import type { Mesh } from './mesh.ts';
import { mutations } from './mutations.ts';
import { shipped, startPlainEnvoy } from './plain-envoy.ts';
import {
  keepPage,
  type MeshCall,
  type MeshMutation,
  type MeshResult,
  type MeshSlip,
  resultsPage,
} from './results-page.ts';
import { type MeshSite, startMeshSite } from './site.ts';
import { detached } from './slips.ts';

/** A folder with the control plane of a version, as the stage of `.ci` makes it. */
function folderOf(variable: string): string {
  const folder = process.env[variable];
  if (folder === undefined) throw new Error(`${variable} is not set; run: npm run test:mesh`);
  return folder;
}

const version = (variable: string) => basename(folderOf(variable)).replace(/^.*?-(?=v\d)/, '');

const meshes = [
  {
    file: 'envoy.yaml',
    plane: () => 'its own file',
    start: ({ backends }: MeshSite, text: string) => startPlainEnvoy(backends, text),
  },
  {
    file: 'istio.yaml',
    plane: () => `Istio's pilot ${process.env['MODELGATE_PILOT_RELEASE']} (${version('MODELGATE_PILOT')})`,
    start: ({ backends }: MeshSite, text: string) => startIstio(folderOf('MODELGATE_PILOT'), backends, text),
  },
  {
    file: 'envoy-gateway.yaml',
    plane: () => `Envoy Gateway ${version('MODELGATE_ENVOY_GATEWAY')}`,
    start: ({ backends }: MeshSite, text: string) =>
      startEnvoyGateway(folderOf('MODELGATE_ENVOY_GATEWAY'), backends, text),
  },
] as const;

/** What `envoy check` ends with 1 for: errors, and what it could not look at. */
function complaints(text: string): string[] {
  const { findings, notChecked } = check(text);
  return [...findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule), ...notChecked];
}

const results: MeshResult[] = [];

for (const { file, plane, start } of meshes) {
  describe(`B26 T1 ${file} as it is, by its own control plane`, () => {
    const text = shipped(file);
    const result = { file, calls: [] as MeshCall[], slips: [] as MeshSlip[], mutations: [] as MeshMutation[] };
    let site: MeshSite;
    let mesh: Mesh;

    before(async () => {
      site = await startMeshSite();
      mesh = await start(site, text);
      results.push({ ...result, plane: plane() });
    });
    after(async () => {
      await mesh?.close();
      await site?.close();
    });

    // A connection that Envoy took before a change goes on by what held then.
    const host = { host: 'models.example.com', connection: 'close' };
    const sent = (call: ReturnType<(typeof calls)[number]['send']>) =>
      send(mesh, { ...call, headers: { ...host, ...call.headers } });

    /** Statuses of what reached a model although nothing may; empty where all is well. */
    async function through(): Promise<string[]> {
      const found: string[] = [];
      for (const call of bypasses(site.keys)) {
        const before = site.reached();
        const { status } = await sent(call);
        if (status < 400 && call.headers?.['content-type'] !== 'application/grpc')
          found.push(`${status} ${JSON.stringify(call)}`);
        if (site.reached() !== before) found.push(`reached a model: ${JSON.stringify(call)}`);
      }
      return found;
    }

    /** Calls of strangers that reached the model. */
    async function opens(): Promise<string[]> {
      const found: string[] = [];
      for (const call of strangers(site.keys)) {
        const before = site.reachedFraud();
        const { status } = await sent(call);
        if (site.reachedFraud() !== before)
          found.push(`${status} ${call.path ?? ''} ${Object.keys(call.headers ?? {})}`);
      }
      return found;
    }

    async function expectHonest(): Promise<void> {
      const [honest] = calls as [TableCall, ...TableCall[]];
      expect(reasonOf(await sent(honest.send(site.keys)))).to.equal(honest.want);
    }

    it('T1 envoy check has nothing to say of what Envoy got, and leaves nothing of it unchecked', async () => {
      const { findings, checked, notChecked } = check(await mesh.dump());
      expect({ findings, notChecked }).to.deep.equal({ findings: [], notChecked: [] });
      expect(checked.length).to.be.greaterThan(0);
    });

    for (const row of calls) {
      it(`${row.call}: ${row.want}`, async () => {
        const got = reasonOf(await sent(row.send(site.keys)));
        result.calls.push({ call: row.call, want: row.want, got });
        expect(got).to.equal(row.want);
      });
    }

    for (const slip of detached[file] ?? []) {
      it(`T1 lets no call through where ${slip.what}, forged routing headers or not`, async () => {
        expect(await mesh.apply(slip.bend(text)), 'Envoy has something else').to.equal(true);
        try {
          const passed = await through();
          result.slips.push({ what: slip.what, through: passed.length });
          expect(passed).to.deep.equal([]);
        } finally {
          await mesh.apply(text);
        }
        await expectHonest();
      });
    }

    for (const mutation of mutations[file] ?? []) {
      it(`X1 X2 is found by envoy check if it opens a model: ${mutation.what}`, async () => {
        const bent = mutation.bend(text);
        await mesh.apply(bent);
        const opened = await opens();
        const inFile = complaints(bent);
        const inDump = complaints(await mesh.dump());
        const found = inDump.length > 0 && (inFile.length > 0 || mutation.unseenInFile !== undefined);
        result.mutations.push({ what: mutation.what, opened: opened.length, found });
        if (opened.length === 0) return;
        expect(inDump, `of the dump, where these came through:\n${opened.join('\n')}`).to.not.deep.equal([]);
        if (mutation.unseenInFile === undefined) expect(inFile, 'of the file').to.not.deep.equal([]);
      });
    }

    it('T11 lets no call through where nobody answers the check, forged routing headers or not', async () => {
      await expectHonest();
      await site.killAuthorizer();
      const passed = await through();
      result.slips.push({ what: 'the authorizer is killed', through: passed.length });
      expect(passed).to.deep.equal([]);
    });
  });
}

describe('docs/meshes.md', () => {
  it('says what was tried and what came of it (else: npm run test:mesh -- --write)', async () => {
    const said = execFileSync(await findEnvoy(), ['--version'], { encoding: 'utf8' });
    const envoyVersion = /\/(\d+\.\d+\.\d+)/.exec(said)?.[1] ?? said;
    expect(results.map(({ file }) => file)).to.deep.equal(meshes.map(({ file }) => file));
    expect(keepPage(resultsPage(envoyVersion, results), process.env['MODELGATE_WRITE'] === '1')).to.equal(true);
  });
});
