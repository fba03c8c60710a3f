import { expect } from 'chai';
import { cli } from '../support/cli.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('O18 an address of the admin API that is nearly right', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  const status = async (MODELGATE_SERVER: string) => cli(['status'], { env: { MODELGATE_SERVER } });

  it('https:// in place of http:// is told, at the admin port and at that of checks', async () => {
    for (const port of [server.adminPort, server.checkPort]) {
      const { code, stderr } = await status(`https://127.0.0.1:${port}`);
      expect({ code, stderr }).to.deep.equal({
        code: 1,
        stderr: `modelgate: https://127.0.0.1:${port} speaks no TLS: write http:// if it is the admin port of a server without a certificate: see --server (MODELGATE_SERVER)\n`,
      });
    }
  });

  it('the port of checks is told from that of the admin API', async () => {
    const { code, stderr } = await status(`http://127.0.0.1:${server.checkPort}`);
    expect(code).to.equal(1);
    expect(stderr).to.contain('speaks no HTTP/1: the admin port is another one (9192 unless told) than that of checks');
  });

  it('the prefix of the API at its end does no harm', async () => {
    for (const end of ['/api/v2', '/api/v2/', '/']) {
      const { code, stdout } = await status(`http://127.0.0.1:${server.adminPort}${end}`);
      expect([code, stdout.split('\n')[0]]).to.deep.equal([0, `server  http://127.0.0.1:${server.adminPort}`]);
    }
  });
});
