import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { init, serve } from '../../src/assemble.ts';
import { createLog } from '../../src/log/log.ts';
import { cli } from '../support/cli.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { startServer, type TestServer } from '../support/server.ts';

const log = createLog('error', { write: () => undefined });

describe('modelgate, a start that fails tells why in words, with exit code 1', () => {
  const data = dataDirectory();
  let server: TestServer;
  before(async () => {
    server = await startServer({ data });
  });
  after(() => server.close());

  const failed = async (argv: readonly string[]) => {
    const { code, stdout, stderr } = await cli(argv, {
      env: { MODELGATE_LOG_FORMAT: 'text' },
      init,
      serve: config => serve(config, { log }),
    });
    expect({ code, stdout }, stderr).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.not.match(/^ +at /m);
    return stderr;
  };
  /** Serve on its own store, on free ports unless told otherwise. */
  const serveOther = async (...flags: readonly string[]) => {
    const other = dataDirectory();
    await init(other, 'root');
    return failed(['serve', '--data', other, ...flags]);
  };
  const freeCheck = '--check-listen=127.0.0.1:0';
  const freeAdmin = '--admin-listen=127.0.0.1:0';

  it('a taken admin port names --admin-listen', async () => {
    const { host } = new URL(server.admin.url);
    const stderr = await serveOther(freeCheck, `--admin-listen=${host}`);
    expect(stderr).to.match(/^modelgate: .+ is taken by another process: .+--admin-listen/m);
  });

  it('a taken check port names --check-listen', async () => {
    const stderr = await serveOther(freeAdmin, `--check-listen=127.0.0.1:${server.checkPort}`);
    expect(stderr).to.match(/^modelgate: .+ is taken by another process: .+--check-listen/m);
  });

  it('a second server on the same directory names --data', async () => {
    const stderr = await failed(['serve', '--data', data, freeCheck, freeAdmin]);
    expect(stderr).to.match(/^modelgate: .+ is in use by another process: .+--data/m);
  });

  it('a directory under a plain file names --data', async () => {
    const file = join(dataDirectory(), 'file');
    writeFileSync(file, '');
    for (const argv of [
      ['serve', freeCheck, freeAdmin],
      ['init', '--admin', 'root'],
    ]) {
      const stderr = await failed([...argv, '--data', join(file, 'data')]);
      expect(stderr).to.match(/^modelgate: .+\(ENOTDIR\): .+--data/m);
    }
  });

  it('a store without an admin says to run init, and one with an admin refuses it', async () => {
    const empty = dataDirectory();
    expect(await failed(['serve', '--data', empty, freeCheck, freeAdmin])).to.include('modelgate init --admin NAME');
    await init(empty, 'root');
    expect(await failed(['init', '--admin', 'other', '--data', empty])).to.include('has a site admin already');
  });
});
