import { chmodSync, chownSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { restore } from '../../src/assemble.ts';
import { openAs, requireRoot } from '../support/as-owner.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { author, openSqlite, user } from '../support/store.ts';

const [uid, gid] = [10_001, 20_000];

/** A store whose folder and files are root's and may be written by our group, as on a volume with fsGroup. */
async function foreignStore(): Promise<string> {
  const data = dataDirectory();
  const store = await openSqlite(data);
  await store.write(author, writes => writes.insertUser(user('ada')));
  await store.backup();
  await store.close();
  giveToGroup(data);
  return data;
}

function giveToGroup(data: string): void {
  for (const path of [data, ...readdirSync(data).map(name => join(data, name))]) {
    chownSync(path, 0, gid);
    chmodSync(path, path === data ? 0o2770 : 0o660);
  }
}

describe("R02 a volume whose files are another user's and may be written by the group", () => {
  before(function () {
    requireRoot(this);
  });

  it('is opened, again and again, and its files stay as their owner has them', async () => {
    const data = await foreignStore();
    expect([openAs(data, uid, gid), openAs(data, uid, gid)]).to.deep.equal(
      Array(2).fill({ code: 'opened', message: '' }),
    );
    expect(statSync(join(data, 'modelgate.db')).mode & 0o777).to.equal(0o660);
  });

  it('is opened where the database is ours and the mark is not', async () => {
    const data = await foreignStore();
    chownSync(join(data, 'modelgate.db'), uid, gid);
    expect(openAs(data, uid, gid)).to.deep.equal({ code: 'opened', message: '' });
    expect(statSync(join(data, 'modelgate.db')).mode & 0o777).to.equal(0o600);
  });

  it("is opened with a backup that root put in the store's place", async () => {
    const data = await foreignStore();
    const [backup = ''] = readdirSync(data).filter(name => name.startsWith('backup-'));
    rmSync(join(data, 'modelgate.db'));
    rmSync(join(data, 'modelgate.db-wal'), { force: true });
    renameSync(join(data, backup), join(data, 'modelgate.db'));
    expect(openAs(data, uid, gid)).to.deep.equal({ code: 'opened', message: '' });
  });

  it('is refused with its path where the group may not write', async () => {
    const data = await foreignStore();
    chmodSync(join(data, 'modelgate.db-mark'), 0o640);
    const { code, message } = openAs(data, uid, gid);
    expect([code, message.includes('modelgate.db-mark')]).to.deep.equal(['unwritable', true]);
  });

  it("T53 O14 stays its owner's where root restores a backup", async () => {
    const data = await foreignStore();
    const names = readdirSync(data);
    for (const path of [data, ...names.map(name => join(data, name))]) chownSync(path, uid, gid);
    const backup = join(data, names.find(name => name.startsWith('backup-')) as string);
    await restore({ dataDirectory: data, backup, dryRun: false, includeRevoked: false, acceptLoss: false });
    expect(statSync(join(data, 'modelgate.db'))).to.include({ uid, gid });
    expect(openAs(data, uid, gid)).to.deep.equal({ code: 'opened', message: '' });
  });
});
