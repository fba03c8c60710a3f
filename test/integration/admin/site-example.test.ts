import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { siteDocument } from '../../../src/admin/schemas/site.ts';
import { parseSiteFile } from '../../../src/cli/site-file.ts';
import { makeApiDocument } from '../../support/api-document.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const file = new URL('../../../../docs/site.example.yaml', import.meta.url);
const example = parseSiteFile(readFileSync(file, 'utf8'), 'site.example.yaml').document;

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

describe('docs/site.example.yaml', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  const apply = async (query = '') => (await server.admin.post(`/api/v2/site:apply${query}`, example)).body;

  it('is taken as it stands: in a dry run, then for good, and a second time changes nothing', async () => {
    const planned = await apply('?dry_run=true');
    expect(planned).to.have.property('dry_run', true);
    const kinds = planned.steps.map(({ kind }: { readonly kind: string }) => kind);
    expect(kinds).to.include.members(['settings', 'user', 'application', 'team', 'project', 'model', 'api_key']);
    expect((await apply()).steps).to.deep.equal(planned.steps);
    expect((await apply()).steps).to.deep.equal([]);
  });

  it('shows every field that a document may have', async () => {
    const { schemas } = (await makeApiDocument()).components;
    const followed = (schema: Schema): Schema =>
      schema.$ref ? ((schemas[schema.$ref.split('/').at(-1) as string] ?? {}) as Schema) : schema;
    const missing = (schema: Schema, values: readonly unknown[], path: string): string[] => {
      const { properties = {}, items } = followed(schema);
      const fields = Object.entries(properties).flatMap(([name, field]) => {
        const given = values.flatMap(value => (value as Record<string, unknown>)[name] ?? []);
        return given.length === 0 ? [`${path}.${name}`] : missing(field, given, `${path}.${name}`);
      });
      return items ? [...fields, ...missing(items, values, path)] : fields;
    };
    expect(missing({ $ref: '#/components/schemas/SiteDocument' }, [siteDocument.parse(example)], 'site')).to.deep.equal(
      [],
    );
  });
});
