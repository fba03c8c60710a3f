import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeArchive } from '../../src/store/audit-archive.ts';
import { archiveFiles } from '../support/archived-audit.ts';
import { dataDirectory } from '../support/data-directory.ts';

describe('B37 R04 a file of the archive', () => {
  async function* stretches(lines: readonly string[]) {
    yield lines.map((line, at) => ({ id: at + 1, line }));
  }

  it('is never replaced by another history; of the same entries there is one', async () => {
    const data = dataDirectory();
    const names: string[] = [];
    for (const lines of [
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'b'],
      ['a', 'c'],
    ]) {
      names.push((await writeArchive(data, stretches(lines))).name);
    }
    const first = 'audit-000000000001-000000000002.jsonl';
    const second = 'audit-000000000001-000000000002-2.jsonl';
    expect(names).to.deep.equal([first, second, first, second]);
    expect(readFileSync(join(data, 'audit-archive', second), 'utf8')).to.equal('a\nc\n');
    expect(archiveFiles(data)).to.deep.equal([second, first]);
  });

  it('says what to do where it can not be written', async () => {
    const data = dataDirectory();
    writeFileSync(join(data, 'audit-archive'), '');
    const fault = await writeArchive(data, stretches(['a'])).catch(error => error);
    expect([fault.code, fault.message]).to.deep.equal([
      'io_error',
      `audit entries can't be written into ${data}/audit-archive (EEXIST), and stay in the store: make it a folder that this user can write, or look at the disk`,
    ]);
  });
});
