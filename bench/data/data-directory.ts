import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { init } from '../../src/assemble.ts';
import { rowForm } from '../../src/store/sql/feed/row-checks.ts';
import { migrationSource } from '../../src/store/sql/migrations/migrations.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import { note } from '../report/say.ts';
import { benchCache } from '../where.ts';
import { fillStore } from './fill-store.ts';

/** A store that holds a set of tables, with the legacy key of its site admin. */
export interface DataDirectory {
  readonly data: string;
  readonly legacyKey: string;
}

const admin = 'bench-admin';
const keyFile = 'admin.key';

/** Raised when fillStore writes something else, so that old stores are made anew. */
const fillVersion = 1;

/** The store of a set, made where there is none of today's schema and of these tables. */
export async function preparedDirectory(name: string, tables: string): Promise<DataDirectory> {
  const directory = join(benchCache(), name, await stampOf(tables));
  if (!existsSync(directory)) {
    const started = performance.now();
    note(`writing the store of the ${name} set, once for this schema`);
    removeOld(join(benchCache(), name));
    rmSync(`${directory}.unfinished`, { recursive: true, force: true });
    await fill(`${directory}.unfinished`, tables);
    renameSync(`${directory}.unfinished`, directory);
    note(`  written in ${Math.round((performance.now() - started) / 1000)} s`);
  }
  utimesSync(directory, new Date(), new Date());
  return { data: join(directory, 'data'), legacyKey: readFileSync(join(directory, keyFile), 'utf8') };
}

/** A copy to write to; it replaces the one before. */
export function workingCopy({ data, legacyKey }: DataDirectory): DataDirectory {
  const copy = join(benchCache(), 'working-copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(data, copy, { recursive: true });
  return { data: copy, legacyKey };
}

async function fill(directory: string, tables: string): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const dataDirectory = join(directory, 'data');
  writeFileSync(join(directory, keyFile), await init(dataDirectory, admin), { mode: 0o600 });
  const store = await openStore({ dataDirectory, now: Date.now, observe: () => undefined });
  try {
    await fillStore(store, tables, admin);
    await store.purge();
  } finally {
    await store.close();
  }
}

/** Other checkouts may still use theirs today; what nobody made or used for a day goes. */
function removeOld(folder: string): void {
  const before = Date.now() - 24 * 3600 * 1000;
  for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
    if (statSync(join(folder, entry)).mtimeMs < before) {
      rmSync(join(folder, entry), { recursive: true, force: true });
    }
  }
}

const stamps = new Map<string, string>();

/** Another one for another schema, another form of rows or other tables. */
async function stampOf(tables: string): Promise<string> {
  const known = stamps.get(tables);
  if (known !== undefined) {
    return known;
  }
  const migrations = await migrationSource.getMigrations([]);
  const last = migrationSource.getMigrationName(migrations.at(-1) as number);
  const hash = createHash('sha256').update(JSON.stringify([fillVersion, last, rowForm]));
  for (const table of ['models', 'keys', 'members']) {
    hash.update(readFileSync(join(tables, `${table}.tsv`)));
  }
  const stamp = hash.digest('hex').slice(0, 16);
  stamps.set(tables, stamp);
  return stamp;
}
