import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { dataDirectory } from '../support/data-directory.ts';
import { author, openSqlite, user } from '../support/store.ts';

const gone: readonly (readonly [name: string, harm: (data: string) => void])[] = [
  ['its folder is replaced', data => renameSync(data, `${data}-gone`)],
  ['its log is removed', data => rmSync(join(data, 'modelgate.db-wal'))],
  ['its mark is removed', data => rmSync(join(data, 'modelgate.db-mark'))],
  ['its database is replaced', data => copyOver(join(data, 'modelgate.db'))],
];

function copyOver(file: string): void {
  copyFileSync(file, `${file}-copy`);
  renameSync(`${file}-copy`, file);
}

describe('fault: files that are gone for good', () => {
  for (const [name, harm] of gone) {
    it(`T39 acknowledges nothing once ${name}, and can still be closed`, async () => {
      const data = dataDirectory();
      const store = await openSqlite(data);
      await store.write(author, writes => writes.insertUser(user('ada')));
      harm(data);
      const refused = await store.write(author, writes => writes.insertUser(user('ben'))).catch(error => error.code);
      const kept = await store.keepTime().catch(error => error.code);
      await store.close();
      expect([refused, kept]).to.deep.equal(['displaced', 'displaced']);
    });
  }
});
