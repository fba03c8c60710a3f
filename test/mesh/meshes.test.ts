import { expect } from 'chai';
import { reasonOf } from '../support/gateway-site.ts';
import { type Call, send } from '../support/send.ts';
import { bypasses, calls } from './calls.ts';
import { startEnvoyGateway } from './envoy-gateway.ts';
import { startIstio } from './istio.ts';
import type { Mesh } from './mesh.ts';
import { shipped, startPlainEnvoy } from './plain-envoy.ts';
import { type MeshSite, startMeshSite } from './site.ts';
import { detached } from './slips.ts';

/** A folder with the control plane of a version, as the stage of `.ci` makes it. */
function folderOf(variable: string): string {
  const folder = process.env[variable];
  if (folder === undefined) throw new Error(`${variable} is not set; run: npm run test:mesh`);
  return folder;
}

const meshes = [
  { file: 'envoy.yaml', start: ({ backends }: MeshSite, text: string) => startPlainEnvoy(backends, text) },
  {
    file: 'istio.yaml',
    start: ({ backends }: MeshSite, text: string) => startIstio(folderOf('MODELGATE_PILOT'), backends, text),
  },
  {
    file: 'envoy-gateway.yaml',
    start: ({ backends }: MeshSite, text: string) =>
      startEnvoyGateway(folderOf('MODELGATE_ENVOY_GATEWAY'), backends, text),
  },
] as const;

for (const { file, start } of meshes) {
  describe(`B26 T1 ${file} as it is, by its own control plane`, () => {
    const text = shipped(file);
    let site: MeshSite;
    let mesh: Mesh;

    before(async () => {
      site = await startMeshSite();
      mesh = await start(site, text);
    });
    after(async () => {
      await mesh?.close();
      await site?.close();
    });

    // A connection of its own for each: one that was kept would stay on the listener that was replaced.
    const always = { host: 'models.example.com', connection: 'close' };
    const sent = (call: Call) => send(mesh, { ...call, headers: { ...always, ...call.headers } });

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

    for (const row of calls) {
      it(`${row.call}: ${row.want}`, async () => {
        expect(reasonOf(await sent(row.send(site.keys)))).to.equal(row.want);
      });
    }

    for (const slip of detached[file] ?? []) {
      it(`T1 lets no call through where ${slip.what}, forged routing headers or not`, async () => {
        await mesh.apply(slip.bend(text));
        try {
          expect(await through()).to.deep.equal([]);
        } finally {
          await mesh.apply(text);
        }
      });
    }

    it('T11 lets no call through where nobody answers the check, forged routing headers or not', async () => {
      const honest = calls[0] as (typeof calls)[number];
      expect(reasonOf(await sent(honest.send(site.keys)))).to.equal(honest.want);
      await site.killAuthorizer();
      expect(await through()).to.deep.equal([]);
    });
  });
}
