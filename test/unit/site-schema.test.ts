import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import { parse } from 'yaml';
import { readSiteSchemaFile, siteSchemaFile } from '../support/site-schema-file.ts';

const example = readFileSync(new URL('../../../docs/site.example.yaml', import.meta.url), 'utf8');

interface Definition {
  readonly properties?: Readonly<Record<string, { readonly description?: string; readonly allOf?: unknown }>>;
}

describe('docs/site.schema.json', () => {
  const ajv = new Ajv({ allErrors: true });
  addFormats.default(ajv);
  const isSite = ajv.compile(JSON.parse(readSiteSchemaFile()));
  const faultsOf = (document: unknown) => {
    isSite(document);
    return (isSite.errors ?? []).map(({ instancePath }) => instancePath);
  };

  it('is what the schemas of the API make of it (else: npm run docs)', () => {
    expect(readSiteSchemaFile()).to.equal(siteSchemaFile());
  });

  it('takes the example, which names it for editors', () => {
    expect(example.split('\n')[0]).to.equal('# yaml-language-server: $schema=site.schema.json');
    expect(faultsOf(parse(example))).to.deep.equal([]);
  });

  it('refuses what the server would refuse, at its place', () => {
    expect(faultsOf({ users: [{ username: 'ada', nick: 'A' }] })).to.deep.equal(['/users/0']);
    expect(faultsOf({ projects: [{ project_id: 'p', models: [{ model_id: 'm', state: 'off' }] }] })).to.deep.equal([
      '/projects/0/models/0/state',
    ]);
    expect(faultsOf({ api_keys: [{ key_id: 'k', username: 'ada', digest: 'ABC' }] })).to.deep.equal([
      '/api_keys/0/digest',
    ]);
    expect(faultsOf({ teams: [{ members: [] }] })).to.deep.equal(['/teams/0']);
  });

  it('has words for every field, which editors show', () => {
    const { definitions } = JSON.parse(readSiteSchemaFile());
    const silent = Object.entries<Definition>(definitions).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, field]) => field.description === undefined && field.allOf === undefined)
        .map(([field]) => `${name}.${field}`),
    );
    expect(silent).to.deep.equal([]);
  });
});
