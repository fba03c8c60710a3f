import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { get } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import { makeAuthority, writePems } from '../support/certificates.ts';
import { checkClient, modelCall } from '../support/check-client.ts';
import { cli } from '../support/cli.ts';
import { runModelgate } from '../support/cli-process.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const authority = makeAuthority('our ca');
const stranger = makeAuthority('another ca');
const client = authority.issue('envoy');

/** A server with TLS on both ports; Envoy must show a certificate. */
async function startTlsServer() {
  const check = writePems(authority.issue('check'));
  const admin = writePems(authority.issue('admin'));
  const { ca, other } = writePems({ ca: authority.cert, other: stranger.cert });
  const server = await startServer({
    flags: {
      'check-tls-cert': check.cert,
      'check-tls-key': check.key,
      'check-tls-client-ca': ca,
      'admin-tls-cert': admin.cert,
      'admin-tls-key': admin.key,
      'drain-ms': '100',
    },
  });
  return { server, check, admin, ca, other, url: `https://127.0.0.1:${server.adminPort}` };
}

/** Subject of the certificate that a port shows now, or the code of the failed handshake. */
async function shownBy(port: number, options: ConnectionOptions = {}): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', ca: authority.cert, ...options });
  const subject = await once(socket, 'secureConnect').then(
    () => socket.getPeerCertificate().subject.CN,
    (fault: NodeJS.ErrnoException) => fault.code ?? fault.message,
  );
  socket.destroy();
  return String(subject);
}

function asked(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { ca: authority.cert, agent: false }, response => resolve(text(response))).once('error', reject);
  });
}

describe('T20 TLS on the admin port', () => {
  let tls: Awaited<ReturnType<typeof startTlsServer>>;
  before(async () => {
    tls = await startTlsServer();
  });
  after(() => tls.server.close());

  it('answers the API and the ops routes, and refuses versions before 1.2', async () => {
    expect(JSON.parse(await asked(`${tls.url}/healthz`))).to.deep.equal({ status: 'alive' });
    expect(JSON.parse(await asked(`${tls.url}/api/v2/users`)).code).to.equal(16);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await shownBy(tls.server.adminPort, old)).to.contain('PROTOCOL_VERSION');
    expect(await shownBy(tls.server.adminPort, { maxVersion: 'TLSv1.2' })).to.equal('admin');
  });

  it('tells browsers to speak nothing but TLS with this name, and only where that is on', async () => {
    const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
      get(tls.url, { ca: authority.cert, agent: false }, response => resolve(response.resume().headers)).once(
        'error',
        reject,
      );
    });
    expect(headers['strict-transport-security']).to.equal('max-age=31536000');
    const plain = await startServer();
    expect((await fetch(plain.admin.url)).headers.get('strict-transport-security')).to.equal(null);
    await plain.close();
  });

  it('outlives what speaks no TLS', async () => {
    const socket = connectTcp(tls.server.adminPort, '127.0.0.1').on('error', () => undefined);
    socket.end('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect(await shownBy(tls.server.adminPort)).to.equal('admin');
  });

  it('is spoken by the command line with --ca-file or MODELGATE_CA_FILE', async () => {
    const MODELGATE_SERVER = tls.url;
    const byFlag = await cli(['status', '--ca-file', tls.ca], { env: { MODELGATE_SERVER } });
    expect(byFlag.stdout).to.contain(`server  ${tls.url}\nready   yes`);
    const byVariable = await cli(['status'], { env: { MODELGATE_SERVER, MODELGATE_CA_FILE: tls.ca } });
    expect(byVariable).to.deep.equal(byFlag);
  });

  it('is refused by the command line where its certificate leads to no CA that is trusted', async () => {
    for (const argv of [['status'], ['status', '--ca-file', tls.other]]) {
      const { code, stderr } = await cli(argv, { env: { MODELGATE_SERVER: tls.url } });
      expect(code).to.equal(1);
      expect(stderr).to.contain("can't be trusted").and.to.contain('--ca-file (MODELGATE_CA_FILE)');
    }
    const env = { MODELGATE_SERVER: tls.url, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    expect((await runModelgate(['status'], { env })).stderr).to.contain("can't be trusted");
  });

  it('O18 is told of where its address is written without TLS', async () => {
    const { code, stderr } = await cli(['status'], { env: { MODELGATE_SERVER: tls.url.replace('https:', 'http:') } });
    expect(code).to.equal(1);
    expect(stderr).to.contain('cut the connection off: write https:// if it has a certificate: see --server');
  });

  it('a CA file that is missing, or holds no certificate, is named', async () => {
    const env = { MODELGATE_SERVER: tls.url };
    for (const [file, why] of [
      ['/none.pem', 'there is no such file'],
      [tls.admin.key, 'no certificate'],
    ] as const) {
      const { code, stderr } = await cli(['status', '--ca-file', file], { env });
      expect([code, stderr.includes(why), stderr.includes('--ca-file')]).to.deep.equal([1, true, true]);
    }
  });
});

describe('T20 TLS on the check port', () => {
  let tls: Awaited<ReturnType<typeof startTlsServer>>;
  before(async () => {
    tls = await startTlsServer();
  });
  after(() => tls.server.close());

  const outcome = async (root: string, { cert, key } = { cert: '', key: '' }) => {
    const pem = (text: string) => (text === '' ? null : Buffer.from(text));
    const checks = checkClient(tls.server.checkPort, credentials.createSsl(Buffer.from(root), pem(key), pem(cert)));
    const answer = await checks.check(modelCall()).then(
      ({ deniedResponse }) => deniedResponse?.status?.code,
      (fault: Error) => fault.message,
    );
    checks.close();
    return answer;
  };

  it('answers a client with a certificate of the CA that was named', async () => {
    expect(await outcome(authority.cert, client)).to.equal(400);
  });

  it('answers no client without one, with one of another CA, or with one that has expired', async () => {
    const before = tls.server.denials.list().length;
    const bad = [undefined, stranger.issue('envoy'), authority.issue('envoy', -1000)];
    for (const shown of bad) {
      expect(await outcome(authority.cert, shown)).to.match(/^14 UNAVAILABLE/);
    }
    expect(tls.server.denials.list()).to.have.length(before);
  });

  it('answers no client in plain text, and is taken for no other server', async () => {
    expect(await tls.server.checks.check(modelCall()).catch((fault: Error) => fault.message)).to.match(/^14/);
    expect(await outcome(stranger.cert, client)).to.match(/^14 UNAVAILABLE/);
  });
});

describe('T20 certificates of a running server', function () {
  this.timeout(90_000);
  let tls: Awaited<ReturnType<typeof startTlsServer>>;
  beforeEach(async () => {
    tls = await startTlsServer();
  });
  afterEach(() => tls.server.close());

  const replace = ({ cert, key }: { cert: string; key: string }, name: string) => {
    const issued = authority.issue(name);
    writeFileSync(cert, issued.cert);
    writeFileSync(key, issued.key);
  };

  it('are replaced by the ones that its files come to hold, on both ports', async () => {
    replace(tls.check, 'new check');
    replace(tls.admin, 'new admin');
    const shows = async (port: number, name: string) => (await shownBy(port, client)) === name;
    await until('the new admin certificate', () => shows(tls.server.adminPort, 'new admin'));
    await until('the new check certificate', () => shows(tls.server.checkPort, 'new check'));
    const metric = /modelgate_tls_certificate_expiry_timestamp_seconds\{listener="(?:check|admin)"\} \d{10}\n/g;
    expect((await asked(`${tls.url}/metrics`)).match(metric)).to.have.length(2);
  });

  it('stay in use while their files hold what can not be used, which is logged and counted', async () => {
    writeFileSync(tls.admin.key, readFileSync(tls.check.key));
    const message = 'changed certificate rejected, the former one stays in use';
    const told = () => tls.server.logged.find(entry => entry.includes(message));
    const line = await until('the rejection', told);
    expect(line).to.contain('--admin-tls-key (MODELGATE_ADMIN_TLS_KEY)').and.to.contain('does not match');
    expect(await shownBy(tls.server.adminPort)).to.equal('admin');
    expect(await asked(`${tls.url}/metrics`)).to.contain('_rejected_total{listener="admin"} 1\n');
  });
});

describe('T20 starts with TLS', () => {
  const flagsOf = (flags: Record<string, string>) =>
    startServer({ flags }).then(
      async server => {
        await server.close();
        return server.logged.join('');
      },
      (fault: Error) => fault.message,
    );

  it('end where a certificate can not be used, naming the setting', async () => {
    const { cert } = writePems(authority.issue('a'));
    const { key } = writePems(authority.issue('b'));
    expect(await flagsOf({ 'check-tls-cert': cert, 'check-tls-key': key })).to.contain(
      '--check-tls-key (MODELGATE_CHECK_TLS_KEY)',
    );
    expect(await flagsOf({ 'admin-tls-cert': '/none', 'admin-tls-key': key })).to.equal(
      "--admin-tls-cert (MODELGATE_ADMIN_TLS_CERT): /none can't be read: there is no such file",
    );
  });

  it('warn of each listener beyond this machine that has none, naming the setting', async () => {
    const warning = 'listening beyond this machine without TLS';
    const logged = await flagsOf({ 'check-listen': '0.0.0.0:0', 'admin-listen': '[::]:0' });
    expect(logged.split(warning)).to.have.length(3);
    expect(logged).to.contain('--check-tls-cert (MODELGATE_').and.to.contain('--admin-tls-cert (MODELGATE_');
    expect(await flagsOf({ 'ops-listen': '0.0.0.0:0' })).to.not.contain(warning);
  });

  it('end on time at the drain, whatever never came through its handshake', async () => {
    const { server } = await startTlsServer();
    const silent = [server.adminPort, server.checkPort].map(port => connectTcp(port, '127.0.0.1'));
    await Promise.all(silent.map(socket => once(socket, 'connect')));
    let ended = 0;
    for (const socket of silent) {
      socket.on('error', () => undefined).once('close', () => (ended += 1));
    }
    await server.close();
    // Had the drain waited for the handshakes to time out, both would have ended by now.
    expect(ended).to.be.below(2);
    for (const socket of silent) {
      socket.destroy();
    }
  });
});
