import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import type { AdminClient } from './admin-client.ts';
import { dataDirectory } from './data-directory.ts';

/** What stands in a database file that no server runs on. */
export async function inspect(
  file: string,
): Promise<{ integrity: string; epoch: string; revision: number; gaps: number }> {
  const db = knex({ client: 'sqlite3', connection: { filename: file }, useNullAsDefault: true });
  try {
    const integrity = await integrityOf(db);
    const { epoch, revision } = await db('store_state').first();
    const revisions: { revision: number }[] = await db('revisions').orderBy('revision').select('revision');
    const gaps = revisions.filter((each, at) => Number(each.revision) !== at + 1).length;
    return { integrity, epoch, revision: Number(revision), gaps: gaps + Math.abs(Number(revision) - revisions.length) };
  } finally {
    await db.destroy();
  }
}

/** `ok`, or what is wrong: some damage keeps SQLite from looking at all. */
async function integrityOf(db: Knex): Promise<string> {
  return db.raw('PRAGMA integrity_check').then(
    ([{ integrity_check }]) => integrity_check,
    (error: Error) => error.message,
  );
}

/** A data directory into which a backup was put, as the README says. */
export function restored(data: string, name: string): string {
  const directory = dataDirectory();
  copyFileSync(join(data, name), join(directory, 'modelgate.db'));
  return directory;
}

/** Makes and deletes API keys of root until it is stopped; answers how many changes it made. */
export function keepWriting(admin: AdminClient): () => Promise<number> {
  const keys = '/api/v2/users/root/v2_keys';
  let going = true;
  let changes = 0;
  const run = async () => {
    while (going) {
      const { key_id } = (await admin.post(keys, { comments: 'x'.repeat(100) })).body;
      changes += 1;
      if (changes % 3 === 0) {
        await admin.delete(`${keys}/${key_id}`);
        changes += 1;
      }
    }
  };
  const running = run();
  return async () => {
    going = false;
    await running;
    return changes;
  };
}
