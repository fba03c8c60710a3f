import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { adminClient } from '../../support/admin-client.ts';
import { type ApiDocument, apiPrefix, makeApiDocument, operationsOf } from '../../support/api-document.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** Every operation that users were promised, as the table of the API's contract names them. */
const promised = [
  'GET POST /users',
  'GET PATCH DELETE /users/{username}',
  'POST /users/{username}/v1_key:rotate',
  ...['/users/{username}', '/applications/{name}'].flatMap(owner => [
    `GET POST DELETE ${owner}/v2_keys`,
    `DELETE ${owner}/v2_keys/{key_id}`,
    `POST ${owner}/v2_keys/{key_id}:rotate`,
  ]),
  'GET POST /applications',
  'GET PATCH DELETE /applications/{name}',
  'GET POST /teams',
  'GET DELETE /teams/{team}',
  'PUT DELETE /teams/{team}/members/{username}',
  'GET POST /projects',
  'GET PATCH DELETE /projects/{project_id}',
  'GET /projects/{project_id}/collaborators',
  'PUT DELETE /projects/{project_id}/collaborators/{username}',
  'PUT DELETE /projects/{project_id}/team_collaborators/{team}',
  'GET POST /projects/{project_id}/models',
  'GET PATCH DELETE /projects/{project_id}/models/{model_id}',
  'POST /projects/{project_id}/models/{model_id}:regenerate_access_key',
  'GET /projects/{project_id}/models/{model_id}/shadow_denials',
  'GET /models',
  'POST /models:enable_authentication',
  'POST /auth/validate_key',
  'POST /auth/revoke_key',
  'POST /decisions:explain',
  'GET /denials',
  'GET PATCH /settings',
  'GET /audit_events',
  'GET /site',
  'POST /site:apply',
  'POST /site:backup',
  'POST /site:download_backup',
  'GET /openapi.json',
].flatMap(row => {
  const [path, ...methods] = row.split(' ').reverse();
  return methods.map(method => `${method} ${path}`);
});

describe('admin API: the OpenAPI document', () => {
  let server: TestServer;
  let document: ApiDocument;
  const operation = (method: string, path: string) => document.paths[`${apiPrefix}${path}`]?.[method];

  before(async () => {
    server = await startServer();
    document = (await adminClient(server.admin.url, '').get('/api/v2/openapi.json')).body;
  });
  after(() => server.close());

  it('is valid OpenAPI 3.1, and needs no credential', async () => {
    expect(document.openapi).to.equal('3.1.0');
    const { valid, errors } = await new Validator().validate({ ...structuredClone(document) });
    expect(valid, JSON.stringify(errors)).to.equal(true);
  });

  it('depends on the routes alone, so that it can be made without a server', async () => {
    expect(await makeApiDocument()).to.deep.equal(document);
  });

  it('lists every operation that users were promised', () => {
    const listed = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
    expect(listed).to.include.members(promised);
  });

  it('says of each operation in one sentence what it does, and who may', () => {
    for (const { summary = '', method, path, description, 'x-who-may': who } of operationsOf(document)) {
      expect(summary, `${method} ${path}`).to.match(/^[A-Z][^.]+\.$/);
      expect(who, `${method} ${path}`).to.be.a('string');
      expect(description, `${method} ${path}`).to.contain(`Who may: ${who}.`);
    }
  });

  it('gives every parameter and every body a type', () => {
    for (const { method, path, parameters = [], requestBody } of operationsOf(document)) {
      const bodies = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema);
      for (const schema of [...parameters.map(each => each.schema), ...bodies]) {
        expect(schema, `${method} ${path}`).to.include.any.keys('type', '$ref', 'anyOf', 'enum');
      }
    }
  });

  it('says which bodies may be left out, as the server takes them', () => {
    const isRequired = (path: string) => operation('post', path)?.requestBody?.required;
    expect(isRequired('/users')).to.equal(true);
    expect(['/site:backup', '/users/{username}/v2_keys', '/auth/validate_key'].map(isRequired)).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it('writes no pattern that only some languages know', () => {
    expect(JSON.stringify(document)).not.to.match(/"pattern":"[^"]*\\\\[pP]\{/);
  });

  it('has a sentence for each group of operations', () => {
    const described = document.tags.map(({ name }) => name);
    const used = operationsOf(document).flatMap(({ tags }) => tags);
    expect([...new Set(used)]).to.have.members(described);
  });

  it('names what is sent and answered, once where both are alike', () => {
    const names = Object.keys(document.components.schemas);
    expect(names).to.include.members(['User', 'NewUser', 'ApiKey', 'Model', 'Project', 'SiteDocument', 'Error']);
    expect(names).not.to.include('UserInput').and.not.to.include('NewUserInput');
    const answers = operationsOf(document).flatMap(({ path, responses }) =>
      path === '/openapi.json' ? [] : Object.values(responses),
    );
    const schemas = answers.flatMap(({ content = {} }) => Object.values(content).map(({ schema }) => schema));
    expect(schemas.filter(schema => !('$ref' in schema))).to.deep.equal([]);
  });

  it('names each operation once, and paths as people write them', () => {
    const ids = operationsOf(document).map(({ operationId }) => operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(Object.keys(document.paths).filter(path => /[%^()]|::/.test(path))).to.deep.equal([]);
  });

  it('says that the legacy key or a session opens the API, with its token for a change, an API key what is about itself, and the document takes none', () => {
    expect(operation('post', '/auth/validate_key')?.security).to.deep.equal([{ api_key: [] }]);
    const byKey = [{ legacy_key: [] }, { legacy_key_basic: [] }];
    expect(operation('get', '/users')?.security).to.deep.equal([...byKey, { session: [] }]);
    expect(operation('post', '/users')?.security).to.deep.equal([...byKey, { session: [], csrf_token: [] }]);
    expect(operation('post', '/sessions')?.security).to.deep.equal([]);
    expect(operation('get', '/openapi.json')?.security).to.deep.equal([]);
  });

  it('tells what each refusal means, that a deletion has no body, and which answers carry a revision', () => {
    expect(Object.keys(operation('get', '/users')?.responses ?? {})).to.deep.equal(['200', '400', '401', '403', '503']);
    expect(operation('post', '/users')?.responses['409']?.$ref).to.equal('#/components/responses/Conflict');
    expect(operation('post', '/auth/validate_key')?.responses).to.have.property('429');
    expect(document.components.responses['NotFound']?.description).to.contain('not there');
    const deleted = operation('delete', '/users/{username}/v2_keys/{key_id}')?.responses['204'];
    expect(deleted).to.have.property('headers').with.property('x-modelgate-revision');
    expect(deleted).not.to.have.property('content');
    expect(operation('post', '/decisions:explain')?.responses['200']).not.to.have.property('headers');
  });
});
