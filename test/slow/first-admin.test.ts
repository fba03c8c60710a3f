import { expect } from 'chai';
import { init } from '../../src/assemble.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { openSqlite } from '../support/store.ts';

describe('T35 the first site admin, for long', function () {
  this.timeout(300_000);

  it('is one, of 100 setups of one data directory at once', async () => {
    const directory = dataDirectory();
    const setups = Array.from({ length: 100 }, (_, n) => init(directory, `admin-${n}`));
    const made = (await Promise.allSettled(setups)).filter(({ status }) => status === 'fulfilled');
    const store = await openSqlite(directory);
    expect([made.length, await store.read.countActiveSiteAdmins()]).to.deep.equal([1, 1]);
    await store.close();
  });
});
