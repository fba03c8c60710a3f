import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { makeAuthority, writePems } from '../support/certificates.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { findTool, type Tool } from './find-tool.ts';

const healthProto = fileURLToPath(new URL('../../../node_modules/grpc-health-check/proto', import.meta.url));
const health = ['-import-path', healthProto, '-proto', 'health/v1/health.proto'];
const probe = 'grpc.health.v1.Health/Check';

describe('grpcurl', () => {
  let grpcurl: Tool;
  let server: TestServer;
  before(() => {
    grpcurl = findTool(
      'grpcurl',
      'GOBIN=$PWD/.tools/bin go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4',
    );
  });
  afterEach(() => server.close());
  const address = () => `127.0.0.1:${server.checkPort}`;

  it('reads the health of the check service, and is told nothing of what else is there', async () => {
    server = await startServer();
    const { code, output } = await grpcurl(['-plaintext', ...health, address(), probe]);
    expect([code, JSON.parse(output)]).to.deep.equal([0, { status: 'SERVING' }]);
    const listed = await grpcurl(['-plaintext', address(), 'list']);
    expect(listed.code).to.not.equal(0);
    expect(listed.output).to.contain('does not support the reflection API');
  });

  it('with --reflection lists and describes services, and asks for a check by them', async () => {
    server = await startServer({ flags: { reflection: 'true' } });
    const { output: list } = await grpcurl(['-plaintext', address(), 'list']);
    const listed = list.trim().split('\n');
    expect(listed).to.include.members(['envoy.service.auth.v3.Authorization', 'grpc.health.v1.Health']);
    const service = 'envoy.service.auth.v3.Authorization';
    expect((await grpcurl(['-plaintext', address(), 'describe', service])).output).to.contain('rpc Check');
    expect((await grpcurl(['-plaintext', address(), probe])).output).to.contain('SERVING');
    const request = JSON.stringify({ attributes: { request: { http: { method: 'POST', path: '/model' } } } });
    const { code, output } = await grpcurl(['-plaintext', '-d', request, address(), `${service}/Check`]);
    expect([code, JSON.parse(output).denied_response?.status.code], output).to.deep.equal([0, 400]);
  });

  it('reads health over the socket, and over TLS with a certificate only', async () => {
    const socket = join(dataDirectory(), 'check.sock');
    server = await startServer({ flags: { 'check-listen': `unix:${socket}` } });
    expect((await grpcurl(['-plaintext', '-unix', ...health, socket, probe])).output).to.contain('SERVING');
    await server.close();

    const authority = makeAuthority('ca');
    const { cert, key } = writePems(authority.issue('modelgate'));
    const { ca } = writePems({ ca: authority.cert });
    const client = writePems(authority.issue('client'));
    server = await startServer({ flags: { 'check-tls-cert': cert, 'check-tls-key': key, 'check-tls-client-ca': ca } });
    const shown = ['-cert', client.cert, '-key', client.key];
    expect((await grpcurl(['-cacert', ca, ...shown, ...health, address(), probe])).output).to.contain('SERVING');
    expect((await grpcurl(['-cacert', ca, '-max-time', '5', ...health, address(), probe])).code).to.not.equal(0);
  });
});
