import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { adminClient } from '../../support/admin-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly responses: Readonly<Record<string, { readonly headers?: object; readonly content?: object }>>;
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

describe('admin API: the OpenAPI document', () => {
  let server: TestServer;
  let document: { readonly openapi: string; readonly paths: Paths };
  const operation = (method: string, path: string) => document.paths[`/api/v2${path}`]?.[method];

  before(async () => {
    server = await startServer();
    document = (await adminClient(server.admin.url, '').get('/api/v2/openapi.json')).body;
  });
  after(() => server.close());

  it('is valid OpenAPI 3.1, and needs no credential', async () => {
    expect(document.openapi).to.equal('3.1.0');
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(valid, JSON.stringify(errors)).to.equal(true);
  });

  it('names each operation once, and paths as people write them', () => {
    const ids = Object.values(document.paths).flatMap(methods => Object.values(methods).map(each => each.operationId));
    expect(ids.length).to.be.at.least(20);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(Object.keys(document.paths).filter(path => /[%^()]|::/.test(path))).to.deep.equal([]);
  });

  it('says that the legacy key opens the API, and an API key what is about itself', () => {
    expect(operation('post', '/auth/validate_key')?.security).to.deep.equal([{ api_key: [] }]);
    expect(operation('get', '/users')?.security).to.equal(undefined);
  });

  it('tells what a refusal holds, that a deletion has no body, and which answers carry a revision', () => {
    expect(Object.keys(operation('get', '/users')?.responses ?? {})).to.have.members(['200', 'default']);
    const deleted = operation('delete', '/users/{username}/v2_keys/{key_id}')?.responses['204'];
    expect(deleted).to.have.property('headers').with.property('x-modelgate-revision');
    expect(deleted).not.to.have.property('content');
    expect(operation('post', '/decisions:explain')?.responses['200']).not.to.have.property('headers');
  });
});
