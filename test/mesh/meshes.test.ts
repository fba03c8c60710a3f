import { expect } from 'chai';
import { reasonOf } from '../support/gateway-site.ts';
import { bent } from '../support/manifest.ts';
import { calls, type TableCall } from './calls.ts';
import { holdPart, table } from './docs-part.ts';
import { passed, sendTo } from './leaks.ts';
import type { Mesh } from './mesh.ts';
import { meshes } from './meshes.ts';
import { bypasses } from './misuses.ts';
import { shipped } from './plain-envoy.ts';
import { type MeshSite, startMeshSite } from './site.ts';
import { detached } from './slips.ts';

const honest = calls[0] as TableCall;

describe('B26 T1 T11 the shipped configs, each by its own control plane', () => {
  /** What is on top of a column of the page, and what stands below. */
  const columns: { readonly head: string; readonly answers: Map<TableCall, string> }[] = [];
  const slips: string[][] = [];

  for (const { file, start } of meshes) {
    describe(file, () => {
      const text = shipped(file);
      const answers = new Map<TableCall, string>();
      let site: MeshSite;
      let mesh: Mesh;

      before(async () => {
        site = await startMeshSite();
        mesh = await start(site, text);
        columns.push({ head: `${mesh.name} ${mesh.version}`, answers });
      });
      after(async () => {
        await mesh?.close();
        await site?.close();
      });

      const answer = async (row: TableCall) => reasonOf(await sendTo(mesh, row.send(site.keys)));

      /** Sends all that must not pass, and notes for the page how much of it did. */
      async function nothingPasses(what: string): Promise<void> {
        const found = await passed(mesh, site);
        slips.push([mesh.name, what, String(bypasses(site.keys).length), String(found.length)]);
        expect(found).to.deep.equal([]);
      }

      for (const row of calls) {
        it(`${row.call}: ${row.want}`, async () => {
          answers.set(row, await answer(row));
          expect(answers.get(row)).to.equal(row.want);
        });
      }

      for (const slip of detached[file] ?? []) {
        it(`T1 lets no call through where ${slip.what}, forged routing headers or not`, async () => {
          await mesh.apply(bent(text, slip));
          try {
            expect(await answer(honest)).to.match(/^(404|503) undefined$/, 'nobody is asked');
            await nothingPasses(`not attached: ${slip.what}`);
          } finally {
            await mesh.apply(text);
          }
        });
      }

      it('T11 lets no call through where nobody answers the check, forged routing headers or not', async () => {
        expect(await answer(honest)).to.equal(honest.want);
        await site.killAuthorizer();
        await nothingPasses('the authorizer is killed');
      });
    });
  }

  // A suite of its own: tests beside suites run before them.
  describe('docs/meshes.md', () => {
    it('says what came of it', () => {
      const asWanted = ({ answers }: (typeof columns)[number]) => calls.filter(row => answers.get(row) === row.want);
      const rows = calls.map(row => [
        row.call,
        row.want,
        ...columns.map(({ answers }) => (answers.get(row) === row.want ? 'as wanted' : `${answers.get(row)}`)),
      ]);
      expect(columns.flatMap(({ answers }) => [...answers]).length, 'all were run').to.equal(
        calls.length * meshes.length,
      );
      holdPart(
        'calls',
        table([
          ['call', 'answer', ...columns.map(({ head }) => head)],
          ...rows,
          ['', '', ...columns.map(column => `**${asWanted(column).length} of ${calls.length}**`)],
        ]),
      );
      holdPart('slips', table([['by', 'slip', 'calls', 'through'], ...slips]));
    });
  });
});
