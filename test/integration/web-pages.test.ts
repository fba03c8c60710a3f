import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { sendRaw } from '../support/raw-http1.ts';
import { startServer, type TestServer } from '../support/server.ts';

interface Listed {
  readonly path: string;
  readonly file: string;
  readonly type: string;
}

const built = new URL('../../ui/', import.meta.url);
const listed: Listed[] = JSON.parse(readFileSync(new URL('files.json', built), 'utf8'));

/** Ways to a file that others were led by: out of the folder, by another spelling, to what lies beside it (T29). */
function oddPaths(asset: string): string[] {
  const targets = ['etc/passwd', 'package.json', 'src/main.js', 'ui/files.json', 'modelgate-data/modelgate.db', '.env'];
  const ups = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '....//', '..;/', '%252e%252e%252f', '.%00./'];
  const roots = ['/', '/assets/', '//'];
  const out = roots.flatMap(root => ups.flatMap(up => targets.map(target => `${root}${up.repeat(3)}${target}`)));
  const beside = [
    '/files.json',
    '/index.html',
    '/assets',
    '/assets/',
    '/assets/files.json',
    '/ui/index.html',
    '//',
    '/.',
    '/..',
  ];
  const bent = ['.map', '.gz', '.br', '%00', '%00.js', '/', '/.', '~', '::$DATA', '%20'].map(end => asset + end);
  const spelt = [
    asset.toUpperCase(),
    `/${asset}`,
    asset.replace('/assets/', '/assets//'),
    asset.replace('/', '/./'),
    `/x/..${asset}`,
  ];
  return [...out, ...beside, ...bent, ...spelt];
}

describe('web pages', () => {
  let server: TestServer;
  const fetchPath = (path: string) => fetch(`http://127.0.0.1:${server.adminPort}${path}`);

  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  it('T29 serve each file of the list with its type, whole, plain or compressed', async () => {
    expect(listed.map(({ path }) => path)).to.include('/');
    for (const { path, file, type } of listed) {
      const answer = await fetchPath(path);
      expect([answer.status, answer.headers.get('content-type')], path).to.deep.equal([200, type]);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes.equals(readFileSync(new URL(file, built))), path).to.equal(true);
      const raw = await sendRaw(
        server.adminPort,
        `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n`,
      );
      const body = Buffer.from(raw.slice(raw.indexOf('\r\n\r\n') + 4), 'latin1');
      expect(gunzipSync(body).equals(bytes), path).to.equal(true);
    }
  });

  it('T29 serve nothing outside the list: 200 odd paths, 0 files', async () => {
    const asset = listed.find(({ path }) => path.endsWith('.js'))?.path ?? '';
    const paths = oddPaths(asset);
    expect(paths).to.have.length.above(200);
    const served: string[] = [];
    for (const path of paths) {
      const head = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`;
      const answer = await sendRaw(server.adminPort, head);
      if (!/^HTTP\/1\.1 4\d\d [\s\S]*"details":\[\]\}$/.test(answer)) {
        served.push(`${path}: ${answer.slice(0, 40)}`);
      }
    }
    expect(served).to.deep.equal([]);
  });

  it('T31 forbid inline scripts and styles, other hosts and frames', async () => {
    for (const { path } of listed) {
      const { headers } = await fetchPath(path);
      expect(headers.get('content-security-policy'), path).to.equal(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('referrer-policy')).to.equal('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).to.equal('same-origin');
    }
    expect(readFileSync(new URL('index.html', built), 'utf8')).to.not.match(
      /<style|<script(?![^>]* src=)|\sstyle=|\son\w+=/,
    );
  });

  it('may be kept by the browser for good, but for the page that names them', async () => {
    for (const { path } of listed) {
      const kept = (await fetchPath(path)).headers.get('cache-control');
      expect(kept, path).to.equal(path === '/' ? 'no-cache' : 'public, max-age=31536000, immutable');
    }
  });

  it('hold none of the server: its schemas are there as types only', () => {
    const scripts = listed.filter(({ file }) => file.endsWith('.js'));
    const texts = scripts.map(({ file }) => readFileSync(new URL(file, built), 'utf8'));
    expect(texts.filter(text => /ZodError|toJSONSchema/.test(text))).to.have.length(0);
  });
});
