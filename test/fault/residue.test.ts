import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Writes } from '../../src/store/store.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { author, keyOf, openSqlite, user } from '../support/store.ts';

const canaries = 1000;

describe('fault: what is left of what was deleted', () => {
  it(`T25 is none of ${canaries} digests in the database or its log, while the store goes on`, async () => {
    const data = dataDirectory();
    const store = await openSqlite(data);
    const write = <T>(change: (writes: Writes) => Promise<T>) => store.write(author, change);
    const digests = Array.from({ length: canaries }, () => randomBytes(32).toString('hex'));
    await write(writes => writes.insertUser(user('ada')));
    await write(writes => writes.insertApiKeys(digests.map((digest, n) => ({ key: keyOf(`k${n}`, 'ada'), digest }))));
    const found = () => digests.filter(digest => files.some(file => readFileSync(file).includes(digest))).length;
    const files = ['modelgate.db', 'modelgate.db-wal'].map(name => join(data, name));
    const before = found();
    for (let n = 0; n < canaries / 2; n += 100) {
      await write(async writes => {
        for (let each = n; each < n + 100; each += 1) await writes.deleteApiKey(`k${each}`);
      });
    }
    await write(writes => writes.deleteApiKeysOf('ada'));
    await store.purge();
    const after = found();
    const logBytes = statSync(files[1] as string).size;
    await store.close();
    expect([before, after, logBytes]).to.deep.equal([canaries, 0, 0]);
  });

  it('T25 is no feed with gaps: who follows from before the key meets its deletion', async () => {
    const store = await openSqlite();
    const write = <T>(change: (writes: Writes) => Promise<T>) => store.write(author, change);
    await write(writes => writes.insertUser(user('ada')));
    await write(writes => writes.insertApiKeys([{ key: keyOf('k', 'ada'), digest: 'd'.repeat(64) }]));
    await write(writes => writes.deleteApiKey('k'));
    const sets = await store.changesSince(1);
    await store.close();
    expect(sets.map(({ revision, changes }) => ({ revision, changes }))).to.deep.equal([
      { revision: 2, changes: [] },
      { revision: 3, changes: [{ op: 'delete', kind: 'api_key', id: 'k' }] },
    ]);
  });
});
