import type { Knex } from 'knex';
import type { Author, BackupFile, Committed, OpenBackup, Reads, Store, WriteKind, Writes } from '../store.ts';
import { StoreError, type StoreErrorCode } from '../store-error.ts';
import type { ReadPage } from './feed/content.ts';
import { changeFeed } from './feed/feed.ts';
import { Recorder } from './feed/recorder.ts';
import { recordKeyUses } from './records/key-uses.ts';
import { touchSession } from './records/sessions.ts';
import { recordShadowDenials } from './records/shadow-denials.ts';
import { WriteQueue } from './write-queue.ts';
import { readsOf, writesOf } from './writes-of.ts';

/** What an engine gives to the SQL that both share. */
export interface SqlStoreOptions {
  readonly db: Knex;
  /** Whether nobody else can write to this database: then its head is known here while a write of ours is under way. */
  readonly soleWriter: boolean;
  /** Reads many rows of a table at once. */
  readonly readPage: ReadPage<Knex>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Tells how long an operation took, in seconds, and with what it was refused; undefined: it was not. */
  readonly observe: ObserveStore;
  /** Asked before a commit, and after it before it counts: rejects where what is written is not where the next start looks. */
  readonly requireInPlace: (change: 'uncommitted' | 'committed') => Promise<void>;
  /** How far changes may be acknowledged: `keep` resolves when it is certain that a loss of them would be seen at the next start. */
  readonly mark: { keep(revision?: number): Promise<void>; close(): Promise<void> };
  /** Leaves nothing in the engine's log. */
  readonly purge: () => Promise<void>;
  /** Copy the store, unless they are told to give up. */
  readonly backup: (isClosing: () => boolean) => Promise<BackupFile>;
  readonly openBackup: (isClosing: () => boolean) => Promise<OpenBackup>;
  /** Turns a driver's error into a StoreError; undefined: it is none of the driver's, and goes through as it is. */
  readonly toStoreError: (cause: unknown) => StoreError | undefined;
}

interface Head {
  readonly epoch: string;
  readonly revision: number;
}

export type StoreOperation =
  | 'read'
  | 'write'
  | 'head'
  | 'changes_since'
  | 'everything'
  | 'key_uses'
  | 'shadow_denials'
  | 'touch_session'
  | 'keep_time'
  | 'purge'
  | 'backup';

export type ObserveStore = (operation: StoreOperation, seconds: number, refusal?: StoreErrorCode) => void;

/** The store in SQL that SQLite and PostgreSQL both speak; the engine brings the connection. */
export function sqlStore(options: SqlStoreOptions): Store {
  const { db, now } = options;
  const run = runner(options);
  const feed = changeFeed(db, options.readPage);
  const queue = new WriteQueue();
  let known: Head | undefined;
  let writesOpen = 0;
  let backup: Promise<unknown> | undefined;
  let closing = false;
  /** A long import holds the only connection; the snapshot must not look stale because of it. */
  const head = async (): Promise<Head> => {
    if (!options.soleWriter || writesOpen === 0 || !known) {
      known = await run('head', feed.head);
    }
    return known;
  };
  const backedUp = async <T>(make: (isClosing: () => boolean) => Promise<T>): Promise<T> => {
    if (backup) {
      throw new StoreError('conflict', 'a backup is being made: wait for it');
    }
    const made = run('backup', () => make(() => closing)).finally(() => {
      backup = undefined;
    });
    backup = made;
    return made;
  };
  return {
    read: wrapped(readsOf(db), call => run('read', call)),
    write: async (author, change, kind = 'ordinary') => {
      const { epoch } = known ?? (await head());
      writesOpen += 1;
      try {
        const committed = await run('write', () => write(options, queue, { author, kind, change }));
        known = { epoch, revision: Math.max(committed.revision, known?.revision ?? 0) };
        return committed;
      } finally {
        writesOpen -= 1;
      }
    },
    head,
    confirm: () =>
      run('head', async () => {
        const { revision } = await feed.head();
        await makeSafe(options, revision);
        return revision;
      }),
    changesSince: revision => run('changes_since', () => feed.changesSince(revision)),
    everything: () => inPieces(options, 'everything', feed.everything),
    recordKeyUses: uses => run('key_uses', () => recordKeyUses(db, uses)),
    recordShadowDenials: counts => run('shadow_denials', () => recordShadowDenials(db, counts)),
    touchSession: (digest, at) => run('touch_session', () => touchSession(db, digest, at)),
    timeSeen: () => run('read', async () => Number((await db('store_state').first('time_seen')).time_seen)),
    keepTime: () =>
      run('keep_time', async () => {
        await db('store_state').update({ time_seen: now() });
        await makeSafe(options);
      }),
    purge: () => run('purge', options.purge),
    backup: () => backedUp(options.backup),
    openBackup: () => backedUp(options.openBackup),
    close: async () => {
      closing = true;
      await backup?.catch(() => undefined);
      await db.destroy();
      await options.mark.close();
    },
  };
}

interface WantedWrite<T> {
  readonly author: Author;
  readonly kind: WriteKind;
  readonly change: (writes: Writes) => Promise<T>;
}

async function write<T>(
  options: SqlStoreOptions,
  queue: WriteQueue,
  { author, kind, change }: WantedWrite<T>,
): Promise<Committed<T>> {
  const { db, now, requireInPlace } = options;
  const transact = async (tx: Knex.Transaction): Promise<Committed<T>> => {
    const recorder = new Recorder(author);
    const result = await change(writesOf(tx, recorder, now));
    const revision = await recorder.commit(tx, now());
    // What is refused is not made: only a file that is moved during the commit itself is found afterwards.
    await requireInPlace('uncommitted');
    return { result, revision };
  };
  const committed = await queue.run(author.turn ?? author.actor, kind, () => db.transaction(transact));
  await makeSafe(options, committed.revision);
  return committed;
}

/** What is committed, up to a revision where it made one, outlives a crash from here on; rejects where it may be lost. */
async function makeSafe({ requireInPlace, mark }: SqlStoreOptions, revision?: number): Promise<void> {
  await requireInPlace('committed');
  await mark.keep(revision);
}

type Run = <T>(operation: StoreOperation, call: () => Promise<T>) => Promise<T>;

function runner(options: SqlStoreOptions): Run {
  return async (operation, call) => {
    const end = timed(options, operation);
    try {
      const result = await call();
      end.well();
      return result;
    } catch (cause) {
      throw end.badly(cause);
    }
  };
}

/** The same for an answer in pieces: told when all of it is taken. */
async function* inPieces<T>(
  options: SqlStoreOptions,
  operation: StoreOperation,
  call: () => AsyncIterable<T>,
): AsyncGenerator<T> {
  const end = timed(options, operation);
  try {
    yield* call();
    end.well();
  } catch (cause) {
    throw end.badly(cause);
  }
}

/** Begins an operation; how it ended is told once, and a driver's error becomes the contract's. */
function timed({ observe, toStoreError }: SqlStoreOptions, operation: StoreOperation) {
  const started = performance.now();
  const tell = (refusal?: StoreErrorCode) => observe(operation, (performance.now() - started) / 1000, refusal);
  return {
    well: () => tell(),
    badly: (cause: unknown): unknown => {
      const error = toStoreError(cause) ?? cause;
      tell(error instanceof StoreError ? error.code : undefined);
      return error;
    },
  };
}

function wrapped(methods: Reads, run: <T>(call: () => Promise<T>) => Promise<T>): Reads {
  const entries = Object.entries(methods as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>);
  return Object.fromEntries(
    entries.map(([name, method]) => [name, (...args: unknown[]) => run(() => method(...args))]),
  ) as unknown as Reads;
}
