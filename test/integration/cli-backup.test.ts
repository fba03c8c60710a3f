import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { restore } from '../../src/assemble.ts';
import { inspect } from '../support/backups.ts';
import { cli } from '../support/cli.ts';
import { type CliSite, startCliSite } from '../support/cli-site.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { serveAgain } from '../support/server.ts';
import { runInBash } from '../support/shell.ts';

const backupsIn = (folder: string) => readdirSync(folder).filter(name => /backup|partial/.test(name));

describe('T25 O14 modelgate backup --to', () => {
  let site: CliSite;
  before(async () => {
    site = await startCliSite();
    await site.printed('users create ada');
  });
  after(() => site.close());

  /** A file in a folder of its own. */
  const fresh = () => join(dataDirectory(), 'copy.db');

  it('FILE makes a sound copy here, for its owner only, and leaves nothing on the server', async () => {
    const file = fresh();
    const { size } = JSON.parse(await site.printed(`backup --to ${file} -o json`));
    const found = statSync(file);
    expect([found.size, found.mode & 0o777]).to.deep.equal([size, 0o600]);
    expect(await inspect(file)).to.include({ integrity: 'ok', gaps: 0 });
    expect([readdirSync(join(file, '..')), backupsIn(site.data)]).to.deep.equal([['copy.db'], []]);
    expect(readFileSync(file).includes(site.server.admin.key)).to.equal(false);
    const [event] = (await site.server.admin.get('/api/v2/audit_events?action=site.backup')).body.audit_events;
    expect(event).to.deep.include({ actor: 'root', details: { downloaded: true } });
  });

  it('FILE makes what is restored elsewhere', async () => {
    const [backup, data] = [fresh(), dataDirectory()];
    await site.printed(`backup --to ${backup}`);
    await restore({ dataDirectory: data, backup, dryRun: false, includeRevoked: false, acceptLoss: true });
    const again = await serveAgain(data, site.server.admin);
    const { status } = await again.admin.get('/api/v2/users/ada');
    await again.close();
    expect(status).to.equal(200);
  });

  it('- writes the same to a program or a file', async () => {
    const [folder, keyFile] = [dataDirectory(), join(site.folder, 'root.key')];
    const env = { MODELGATE_SERVER: site.server.admin.url, MODELGATE_KEY_FILE: keyFile };
    const { code, stderr } = await runInBash('modelgate backup --to - | cat > piped.db', { folder, env });
    expect({ code, stderr }).to.deep.equal({
      code: 0,
      stderr: stderr.match(/^a backup of \d+ bytes is on .*\n$/)?.[0],
    });
    expect(await inspect(join(folder, 'piped.db'))).to.include({ integrity: 'ok', gaps: 0 });
  });

  it('- is refused at a terminal, before anything is asked', async () => {
    const { code, stderr } = await cli(['backup', '--to', '-'], { columns: 80 });
    expect({ code, stderr: stderr.split('\n')[0] }).to.deep.equal({
      code: 2,
      stderr: 'modelgate: --to -: a terminal shows no database; send it to a file or a program',
    });
  });

  it('overwrites nothing, and says where a file cannot be', async () => {
    const taken = fresh();
    writeFileSync(taken, 'mine');
    for (const [path, says] of [
      [taken, 'is there already: name another file'],
      [dataDirectory(), 'is there already: name another file'],
      [join(dataDirectory(), 'none', 'copy.db'), "can't be written (ENOENT)"],
    ] as const) {
      const { code, stdout, stderr } = await site.modelgate(`backup --to ${path}`);
      expect({ code, stdout }, path).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr).to.contain(`${path} ${says}`);
    }
    expect(readFileSync(taken, 'utf8')).to.equal('mine');
  });

  it('is for site admins, and leaves no file where it is refused', async () => {
    const file = fresh();
    const { code, stderr } = await site.modelgate(`backup --to ${file}`, '', await site.keyFileOf('ada'));
    expect(code, stderr).to.equal(1);
    expect(readdirSync(join(file, '..'))).to.deep.equal([]);
  });

  it('leaves no half of a file where the connection ends, nor where it is no backup', async () => {
    for (const [headers, says] of [
      [{ 'content-type': 'application/vnd.sqlite3', 'content-length': '1000000' }, /ended after \d+ of 1000000 bytes/],
      [{ 'content-type': 'text/html' }, /^modelgate: /],
    ] as const) {
      const server = createServer((_request, response) => {
        response.writeHead(200, headers);
        response.write('half', () => response.destroy());
      });
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const file = fresh();
      const { code, stderr } = await site.modelgate(`backup --to ${file} --server ${url}`);
      server.close();
      expect(code).to.equal(1);
      expect(stderr).to.match(says);
      expect(readdirSync(join(file, '..'))).to.deep.equal([]);
    }
  });
});
