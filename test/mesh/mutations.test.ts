import { expect } from 'chai';
import { type RuleId, rules } from '../../src/envoy-config/finding-rules.ts';
import { check } from '../support/envoy-config.ts';
import { bent, type Slip } from '../support/manifest.ts';
import { holdPart, table } from './docs-part.ts';
import { envoyGatewayMutations } from './envoy-gateway-mutations.ts';
import { istioMutations } from './istio-mutations.ts';
import { leaked } from './leaks.ts';
import type { Mesh } from './mesh.ts';
import { meshes } from './meshes.ts';
import type { Outcome } from './mutation.ts';
import { shipped } from './plain-envoy.ts';
import { type MeshSite, startMeshSite } from './site.ts';
import { keepsForgedHeaders } from './slips.ts';

const mutationsOf = { 'istio.yaml': istioMutations, 'envoy-gateway.yaml': envoyGatewayMutations };
const files = ['istio.yaml', 'envoy-gateway.yaml'] as const;

/** What `modelgate envoy check` says: the rules that it finds broken, and `not checked` where it names something so. */
function saidOf(text: string): string[] {
  const { findings, notChecked } = check(text);
  return [...new Set([...findings.map(({ rule }) => rule), ...notChecked.map(() => unchecked)])];
}

const unchecked = 'not checked';

/** A warning tells of no way past the check. */
function isSerious(said: string): boolean {
  return said === unchecked || rules[said as RuleId].severity === 'error';
}

describe('B26 T1 T11 slips of the shipped manifests, each by its own control plane', () => {
  const rows: string[][] = [];

  for (const file of files) {
    describe(file, () => {
      const text = shipped(file);
      // What is said wherever forged headers stay in a call counts for no other slip.
      const always = saidOf(bent(text, keepsForgedHeaders[file] as Slip));
      const foundIn = (config: string) => saidOf(config).filter(said => !always.includes(said));
      let site: MeshSite;
      let mesh: Mesh;

      before(async () => {
        site = await startMeshSite();
        const { start } = meshes.find(mesh => mesh.file === file) as (typeof meshes)[number];
        mesh = await start(site, text);
      });
      after(async () => {
        await mesh?.close();
        await site?.close();
      });

      async function outcome(): Promise<Outcome> {
        if ((await leaked(mesh, site)).length > 0) return 'opens';
        await site.killAuthorizer();
        try {
          return (await leaked(mesh, site)).length > 0 ? 'opens unanswered' : 'closed';
        } finally {
          await site.reviveAuthorizer();
        }
      }

      it('envoy check has nothing to say of what Envoy got of the manifest as it is', async () => {
        expect(saidOf(await mesh.dump())).to.deep.equal([]);
      });

      for (const mutation of mutationsOf[file]) {
        const { what, slips } = mutation;
        it(`${what}: ${mutation.outcome}`, async () => {
          const mutated = bent(text, ...slips);
          await mesh.apply(mutated);
          const found = { manifest: foundIn(mutated), dump: foundIn(await mesh.dump()) };
          const seen = await outcome();
          rows.push([mesh.name, what, seen, ...[found.manifest, found.dump].map(rules => rules.join(', ') || '-')]);
          expect(seen).to.equal(mutation.outcome);
          const showing = mutation.hidden === undefined ? (['manifest', 'dump'] as const) : (['dump'] as const);
          const unseen = showing.filter(where => !found[where].some(isSerious));
          if (seen !== 'closed') expect(unseen).to.deep.equal([], 'where envoy check finds nothing');
          else expect([...found.manifest, ...found.dump]).to.not.include('no-ext-authz', 'a false alarm');
        });
      }
    });
  }

  // A suite of its own: tests beside suites run before them.
  describe('docs/meshes.md', () => {
    it('says what came of it', () => {
      expect(rows.length, 'all were run').to.equal(files.flatMap(file => mutationsOf[file]).length);
      holdPart(
        'mutations',
        table([['by', 'slips', 'seen', 'envoy check of the manifest', 'envoy check of the dump'], ...rows]),
      );
    });
  });
});
