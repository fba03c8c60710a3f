import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Permission } from '../../src/changes/change-set.ts';

/** Tables of the kit's form, computed from the number of each row: the same in every run. */
export interface OwnSet {
  readonly models: number;
  readonly keys: number;
  readonly users: number;
  readonly projects: number;
}

const permissions: readonly Permission[] = [
  ...(['read', 'read', 'read', 'read', 'read', 'write', 'write', 'operator', 'admin', 'business_user'] as const),
];
const membershipsPerUser = 4;
const expired = 978_307_200; // 2001
const distant = 4_102_444_800; // 2100

export function ownSet(models: number, keys: number): OwnSet {
  return { models, keys, users: Math.max(1, keys / 5), projects: Math.max(1, models / 5) };
}

function hash(kind: string, row: number): Buffer {
  return createHash('sha256').update(`modelgate-bench/${kind}/${row}`).digest();
}

/** `m` and 31 more: hexadecimal digits are among those of an access key. */
export function accessKeyOf(model: number, kind = 'model'): string {
  return `m${hash(kind, model).toString('hex').slice(0, 31)}`;
}

export function secretOf(key: number, kind = 'key'): string {
  return `${hash(`${kind}-a`, key).toString('hex')}.${hash(`${kind}-b`, key).toString('hex')}`;
}

export function isOpen(model: number): boolean {
  return model % 10 === 9;
}

export function isActive(user: number): boolean {
  return user % 97 !== 96;
}

export function isForApi(key: number): boolean {
  return (hash('audience', key)[0] as number) % 25 !== 0;
}

/** Seconds since 1970; 0: never. */
export function expiryOf(key: number): number {
  const share = hash('expiry', key)[0] as number;
  return share < 16 ? expired : share < 64 ? 0 : distant;
}

export function isExpired(key: number): boolean {
  return expiryOf(key) === expired;
}

/** The projects that a user was added to, each with its permission. */
export function membershipsOf(user: number, { projects }: OwnSet): ReadonlyMap<number, Permission> {
  const bytes = hash('member', user);
  const found = new Map<number, Permission>();
  for (let at = 0; at < membershipsPerUser; at += 1) {
    const project = bytes.readUInt32LE(at * 8) % projects;
    if (!found.has(project)) {
      found.set(project, permissions[bytes.readUInt32LE(at * 8 + 4) % permissions.length] as Permission);
    }
  }
  return found;
}

/** Writes the three tables; see tables.ts for their columns. */
export async function writeOwnTables(folder: string, set: OwnSet): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await write(folder, 'models', set.models, model => [
    [accessKeyOf(model), name('model', model), name('project', model % set.projects), isOpen(model) ? 0 : 1],
  ]);
  await write(folder, 'keys', set.keys, key => {
    const user = key % set.users;
    const digest = createHash('sha256').update(secretOf(key)).digest('hex');
    const flags = [isActive(user) ? 1 : 0, expiryOf(key), isForApi(key) ? 1 : 0];
    return [[digest, name('key', key), name('user', user), ...flags]];
  });
  await write(folder, 'members', set.users, user =>
    [...membershipsOf(user, set)].map(([project, permission]) => [
      name('project', project),
      name('user', user),
      permission,
    ]),
  );
}

function name(kind: string, row: number): string {
  return `${kind}-${String(row).padStart(7, '0')}`;
}

type Lines = readonly (readonly (string | number)[])[];

async function write(folder: string, table: string, rows: number, linesOf: (row: number) => Lines): Promise<void> {
  function* text(): Generator<string> {
    for (let row = 0; row < rows; row += 1) {
      yield linesOf(row)
        .map(line => `${line.join('\t')}\n`)
        .join('');
    }
  }
  await pipeline(Readable.from(text()), createWriteStream(join(folder, `${table}.tsv`)));
}
