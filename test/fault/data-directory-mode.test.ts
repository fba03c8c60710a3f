import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import { dataDirectory } from '../support/data-directory.ts';

describe('fault: a data directory that others may write', () => {
  it('S13 is refused where everybody may replace the store, with what to do', async () => {
    const { fault, warned } = await openedWith(0o777);
    expect([fault?.code, warned]).to.deep.equal(['unwritable', []]);
    expect(fault?.message).to.include('is writable for everybody').and.to.include('chmod 700');
  });

  it('S13 is warned of where others may only add files', async () => {
    const { fault, warned } = await openedWith(0o1777);
    expect([fault, warned]).to.deep.equal([undefined, ['others may write the data directory: chmod 700 it']]);
  });

  it('S13 is taken without a word from a group of ours, and from a folder that others may only enter', async () => {
    for (const mode of [0o2770, 0o755, 0o700]) {
      expect(await openedWith(mode)).to.deep.equal({ fault: undefined, warned: [] });
    }
  });
});

async function openedWith(mode: number) {
  const folder = join(dataDirectory(), 'data');
  mkdirSync(folder);
  chmodSync(folder, mode);
  const warned: string[] = [];
  const warn = (_fields: object, message: string) => void warned.push(message);
  const options = { dataDirectory: folder, now: Date.now, observe: () => undefined, warn };
  const opened = await openStore(options).then(
    async store => store.close(),
    fault => fault,
  );
  return { fault: opened as { code: string; message: string } | undefined, warned };
}
