import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runModelgate, type ServeProcess, startServe } from '../support/cli-process.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { runInBash } from '../support/shell.ts';

/** The commands of "Backups" in docs/operating.md that come before the server is started again. */
const operating = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
const restoring = /To restore one[^`]*```sh\n([\s\S]*?)```/
  .exec(operating)?.[1]
  ?.split('\n')
  .filter(line => /^modelgate restore /.test(line)) as string[];

describe('modelgate, a process for each command', () => {
  const folder = dataDirectory();
  // Where `serve` looks unless told: the commands of the docs name it so.
  const data = join(folder, 'modelgate-data');
  const keyFile = join(folder, 'root.key');
  let server: ServeProcess;

  /** Runs a command as the site admin. */
  const modelgate = (line: string, stdin = '') =>
    runModelgate(line.split(' '), {
      env: { MODELGATE_SERVER: server.adminUrl, MODELGATE_KEY_FILE: keyFile },
      stdin,
    });

  before(async () => {
    const { code, stdout, stderr } = await runModelgate(['init', '--admin', 'root', '--data', data]);
    expect({ code, stderr: stderr.includes(stdout.trim()) }).to.deep.equal({ code: 0, stderr: false });
    expect(stdout).to.match(/^mgl_[0-9A-Za-z]{49}\n$/);
    writeFileSync(keyFile, stdout, { mode: 0o600 });
    server = await startServe(data);
  });
  after(async () => {
    await server?.stop();
  });

  it('keeps the secret of a key for standard output: the server writes none', async () => {
    const { code, stdout, stderr } = await modelgate('keys create --user root');
    expect({ code, stderr: stderr.includes(stdout.trim()) }).to.deep.equal({ code: 0, stderr: false });
    expect(stdout).to.match(/^mgk_[0-9A-Za-z]{49}\n$/);
    expect(server.stderr()).to.not.include(stdout.trim()).and.not.include(readFileSync(keyFile, 'utf8').trim());
  });

  it('exits with 1 for what is refused, and with 2 for what is not understood', async () => {
    expect((await modelgate('keys validate', 'mgk_none')).code).to.equal(1);
    expect((await modelgate('users list --nope')).code).to.equal(2);
  });

  it('a start that fails tells why in words alone', async () => {
    const flags = ['--check-listen=127.0.0.1:0', '--admin-listen=127.0.0.1:0', '--log-format=text'];
    const { code, stdout, stderr } = await runModelgate(['serve', '--data', data, ...flags]);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr)
      .to.match(/^modelgate: .+ is in use by another process: .+--data/m)
      .and.not.match(/^ +at /m);
  });

  it('a start that fails tells why in JSON alone where the log is JSON', async () => {
    const flags = ['--check-listen=127.0.0.1:0', '--admin-listen=127.0.0.1:0'];
    const { code, stderr } = await runModelgate(['serve', '--data', data, ...flags]);
    const lines = stderr
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect({ code, msg: lines.at(-1).msg }).to.deep.equal({ code: 1, msg: 'not started' });
    expect(lines.at(-1).faults[0]).to.match(/^modelgate: .+ is in use by another process: .+--data/);
  });

  it('T44 takes a backup while the server runs, which is restored as docs/operating.md says', async () => {
    const { key_id, api_key } = JSON.parse((await modelgate('keys create --user root -o json')).stdout);
    const { name } = JSON.parse((await modelgate('backup -o json')).stdout);
    await modelgate('users create after-it');
    expect((await modelgate(`keys delete ${key_id} --user root`)).code).to.equal(0);
    await server.stop();
    expect(restoring).to.have.length(2);
    for (const line of restoring) {
      const { code, stderr } = await runInBash(line.replaceAll('backup-rREVISION-TIME.db', name), { folder });
      expect(code, stderr).to.equal(0);
    }
    server = await startServe(data);
    expect((await modelgate('users get after-it')).code).to.equal(1);
    // Deleted after the backup, it stays so.
    expect((await modelgate('keys validate', api_key)).code).to.equal(1);
    // Another history: whoever follows this store begins anew.
    expect((await modelgate('audit list --action site.restore')).stdout).to.match(/ site\.restore /);
  }).timeout(60_000);

  it('ends with 0 on SIGTERM, and serves what it had when it is started again', async () => {
    const exported = await modelgate('export --access-keys');
    expect(await server.stop()).to.equal(0);
    server = await startServe(data);
    expect(await modelgate('export --access-keys')).to.deep.equal(exported);
  });
});
