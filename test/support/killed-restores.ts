import { cpSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { inspect } from './backups.ts';
import { runModelgate } from './cli-process.ts';
import { dataDirectory } from './data-directory.ts';
import { alive, opened, type Revoked } from './revoked-site.ts';

const endAtCall = new URL('./end-at-call.js', import.meta.url).href;

/**
 * Restores a copy of the site in a process that is killed before its nth call of one of these names, and looks at what is left:
 * one store or the other, whole, in which nothing that was revoked is valid. Answers which, or `done` where it was not killed.
 */
export async function restoreKilledAt(call: number, names: string, site: Revoked): Promise<'old' | 'new' | 'done'> {
  const data = dataDirectory();
  cpSync(site.data, data, { recursive: true });
  const [copy, what] = [{ ...site, data, backup: join(data, basename(site.backup)) }, `${names} ${call}`];
  const old = await inspect(join(data, 'modelgate.db'));
  const env = { NODE_OPTIONS: `--import=${endAtCall}`, END_AT_CALL: `${call}:${names}:${data}` };
  const { code, stderr } = await runModelgate(['restore', copy.backup, '--data', data], { env });
  expect(code, stderr).to.be.oneOf([0, -1]);
  const found = await inspect(join(data, 'modelgate.db'));
  expect(found, what).to.include({ integrity: 'ok', gaps: 0 });
  const isOld = found.epoch === old.epoch;
  if (!isOld) {
    const [kept = 'none'] = readdirSync(data).filter(name => /^replaced-.*\.db$/.test(name));
    expect(await inspect(join(data, kept)), what).to.deep.equal(old);
  }
  await opened(copy, async server => {
    expect(await alive(server, copy), what).to.deep.equal(['kept']);
  });
  expect(
    readdirSync(data).filter(name => name.includes('partial')),
    what,
  ).to.deep.equal([]);
  return code === 0 ? 'done' : isOld ? 'old' : 'new';
}
