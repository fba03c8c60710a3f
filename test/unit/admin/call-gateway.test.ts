import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createPlainServer, type Server as PlainServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { callGateway, type GatewayAnswer, type GatewayFault } from '../../../src/admin/gateway/call-gateway.ts';
import { lookupElsewhere } from '../../../src/admin/gateway/link-local.ts';
import { makeAuthority } from '../../support/certificates.ts';

/** What came of a call to a server that answers so. */
async function callOf(server: Server | PlainServer, limitMs = 5000) {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => void sockets.push(socket));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const gatewayUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const answer = await callGateway({ gatewayUrl, headers: { 'x-model-access-key': 'k' }, body: '{}', limitMs });
  for (const socket of sockets) socket.destroy();
  await new Promise(resolve => server.close(resolve));
  return answer;
}
const answered = async (listener: RequestListener, limitMs?: number) =>
  (await callOf(createServer(listener), limitMs)) as GatewayAnswer;
const spoken = async (bytes: string, limitMs?: number) => {
  const server = createPlainServer(socket => {
    socket.on('error', () => undefined);
    socket.write(bytes);
  });
  return (await callOf(server, limitMs)) as GatewayFault;
};

describe('B36 T32 a call to the gateway', () => {
  it('is a POST of /model with the keys in headers, on a connection that then ends', async () => {
    const seen: unknown[] = [];
    const answer = await answered((request, response) => {
      const { method, url, headers } = request;
      seen.push([method, url, headers['x-model-access-key'], headers.connection]);
      response.end('{}');
    });
    expect(seen).to.deep.equal([['POST', '/model', 'k', 'close']]);
    expect(answer).to.include({ status: 200, body: '{}', isTruncated: false });
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`takes a redirect (${status}) for the answer`, async () => {
      let asked = 0;
      const answer = await answered((_, response) => {
        asked += 1;
        response.writeHead(status, { location: '/elsewhere' }).end('moved');
      });
      expect([asked, answer.status, answer.body]).to.deep.equal([1, status, 'moved']);
    });
  }

  it('reads a bounded part of an answer without end', async () => {
    const answer = await answered((_, response) => {
      const endless = setInterval(() => response.write('x'.repeat(60_000)), 1);
      response.once('close', () => clearInterval(endless));
    });
    expect(answer.isTruncated).to.equal(true);
    expect(answer.body.length).to.equal(256 * 1024);
  });

  it('shows what came until the time was up, or until the connection broke off', async () => {
    const late = await answered((_, response) => void response.write('first'), 300);
    expect(late).to.include({ status: 200, body: 'first', isTruncated: true });
    const broken = await answered((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
    });
    expect(broken).to.include({ status: 200, body: 'half', isTruncated: true });
  });

  it('ends in time where no answer comes', async () => {
    expect(await answered(() => undefined, 200)).to.deep.include({ isLate: true });
    expect(await spoken('HTTP/1.1 100 Continue\r\n\r\n', 200)).to.deep.include({ isLate: true });
    expect(await spoken('HTTP/1.1 200 OK\r\nx: ', 200)).to.deep.include({ isLate: true });
  });

  it('names the fault of what is no HTTP, switches protocols, or has endless headers', async () => {
    expect((await spoken('SSH-2.0-x\r\n')).fault).to.match(/^HPE_/);
    expect(await spoken('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')).to.include({
      isLate: false,
    });
    expect((await spoken(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`)).fault).to.equal('HPE_HEADER_OVERFLOW');
  });

  it('trusts no certificate that nobody vouches for, whatever the environment says', async () => {
    const server = createTlsServer(makeAuthority('nobody').issue('gateway'), (_, response) => response.end());
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const gatewayUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { fault } = (await callGateway({ gatewayUrl, headers: {}, body: '' })) as GatewayFault;
      expect(fault).to.match(/CERT|VERIFY/);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      server.close();
    }
  });

  it('S10 calls no link-local address, whatever name or setting leads there', async () => {
    const call = { headers: {}, body: '' };
    for (const host of ['169.254.169.254', '[64:ff9b::a9fe:a9fe]', '[fe80::1]']) {
      const answer = await callGateway({ gatewayUrl: `http://${host}`, ...call });
      expect(answer).to.deep.equal({ fault: 'link-local address', isLate: false });
    }
    const found = (name: string, all: boolean) =>
      new Promise(resolve => lookupElsewhere(name, { all }, (fault, address) => resolve(fault?.code ?? address)));
    for (const all of [true, false]) {
      expect(await found('169.254.169.254', all)).to.equal('link-local address');
      expect(await found('fe80::1', all)).to.equal('link-local address');
    }
    expect(await found('127.0.0.1', false)).to.equal('127.0.0.1');
    expect(await found('127.0.0.1', true)).to.deep.equal([{ address: '127.0.0.1', family: 4 }]);
  });

  it('names why nobody is reached', async () => {
    const { port } = await freePort();
    const body = { headers: {}, body: '' };
    const refused = await callGateway({ gatewayUrl: `http://127.0.0.1:${port}`, ...body });
    expect(refused).to.deep.equal({ fault: 'ECONNREFUSED', isLate: false });
  });
});

async function freePort(): Promise<AddressInfo> {
  const server = createPlainServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return address;
}
