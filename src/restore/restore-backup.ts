import { mkdir } from 'node:fs/promises';
import { readWholeSite } from '../admin/site/known-site.ts';
import { restoreAuthor } from '../store/own-author.ts';
import { openStore, requireStore } from '../store/sqlite/open-store.ts';
import { replaceStore } from '../store/sqlite/replace-store.ts';
import { stageBackup } from '../store/sqlite/stage-backup.ts';
import { removeStaged } from '../store/sqlite/staging-folder.ts';
import type { Reads, Store, Writes } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import type { Reopened } from './reopened.ts';
import { reopenedCredentials } from './reopened-credentials.ts';
import { reopenedThings } from './reopened-things.ts';

export interface RestoreOptions {
  readonly dataDirectory: string;
  /** Path of the backup. */
  readonly backup: string;
  /** Only tells what would be. */
  readonly dryRun: boolean;
  /** Whether what was ended since the backup comes back as well. */
  readonly includeRevoked: boolean;
  /** Whether to go on where the store that is replaced is gone, can't be read or has lost changes. */
  readonly acceptLoss: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Restored {
  /** The revision of the backup. */
  readonly revision: number;
  /** Where the replaced store stood; undefined: nothing of it could be read, so nobody knows what was ended since. */
  readonly replacedRevision: number | undefined;
  /** Name of the file in the data directory that the replaced store is kept in; undefined: there was none, or nothing was replaced. */
  readonly kept: string | undefined;
  /** What the backup lets in that the replaced store did not. */
  readonly reopened: readonly (Omit<Reopened, 'end'> & {
    /** Whether it was, or would be, ended again. */
    readonly ended: boolean;
  })[];
  /** Site admins that can sign in, or get a new legacy key. */
  readonly siteAdmins: number;
}

/**
 * Puts a backup in the place of the store, as another history, while no server runs on it. What was ended since the backup stays ended, in
 * the same transaction; what else it brings back is told. Killed at any moment, it leaves the old store or the new one. Rejects with
 * a StoreError that says what to do; then nothing was changed.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { dataDirectory, dryRun, now } = options;
  const replaced = await openReplaced(options);
  try {
    const { staging, expected, outcome } = await prepare(options, replaced).finally(() => replaced?.close());
    const kept = dryRun ? undefined : await replaceStore({ dataDirectory, staging, expected, now: now() });
    return { ...outcome, replacedRevision: expected?.revision, kept };
  } finally {
    await removeStaged(dataDirectory);
  }
}

/** Makes the successor beside the store; its time goes on from the latest that either has seen (T41). */
async function prepare(options: RestoreOptions, replaced: Store | undefined) {
  const time = Math.max(options.now(), (await replaced?.timeSeen()) ?? 0);
  const staging = await stageBackup(options.backup, options.dataDirectory);
  const outcome = await adopt(staging, { ...options, now: () => time }, replaced?.read);
  return { staging, expected: await replaced?.head(), outcome };
}

/** The store that stands there, held so that nobody else opens it; undefined: it can't be read, and that is accepted. */
async function openReplaced({ dataDirectory, acceptLoss, now }: RestoreOptions): Promise<Store | undefined> {
  const open = { dataDirectory, now, observe: () => undefined };
  try {
    await requireStore(dataDirectory);
    return await openStore(open);
  } catch (fault) {
    if (!isLoss(fault)) {
      throw fault;
    }
    if (!acceptLoss) {
      throw new StoreError(fault.code, `${fault.message}. ${withoutIt}`);
    }
  }
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  try {
    await requireStore(dataDirectory);
    return await openStore({ ...open, acceptLoss: () => undefined });
  } catch (fault) {
    if (!isLoss(fault)) {
      throw fault;
    }
    return undefined;
  }
}

const withoutIt =
  'Only the store in the place of which the backup is put knows what was revoked since: to restore all the same, say --accept-loss, and revoke anew';

function isLoss(fault: unknown): fault is StoreError {
  return fault instanceof StoreError && ['not_found', 'damaged', 'newer_version'].includes(fault.code);
}

type Outcome = Pick<Restored, 'revision' | 'reopened' | 'siteAdmins'>;

/** Makes the staged copy another history, in which what was ended stays ended. */
async function adopt(staging: string, options: RestoreOptions, replaced: Reads | undefined): Promise<Outcome> {
  const { backup, now, includeRevoked } = options;
  let reopened: Restored['reopened'] = [];
  const change = async (writes: Writes) => {
    if (!replaced) {
      return { compared: false };
    }
    await requireSameSite(replaced, writes, backup);
    const found = await findReopened(replaced, writes, now());
    const ending = includeRevoked ? [] : found.filter(({ end }) => end);
    for (const { end } of ending) {
      await end?.(writes);
    }
    if (!includeRevoked) {
      await writes.rememberEndedKeys(await replaced.listEndedKeys());
    }
    reopened = found.map(({ end, ...each }) => ({ ...each, ended: end !== undefined && !includeRevoked }));
    return { compared: true, reopened: found.length, ended_again: ending.length };
  };
  const store = await openStore({
    dataDirectory: staging,
    now,
    observe: () => undefined,
    adoption: { actor: restoreAuthor, change },
  });
  try {
    return {
      revision: (await store.head()).revision - 1,
      reopened,
      siteAdmins: await store.read.countActiveSiteAdmins(),
    };
  } finally {
    await store.close();
  }
}

async function requireSameSite(replaced: Reads, backup: Reads, name: string): Promise<void> {
  const [one, other] = [await replaced.findFirstCommit(), await backup.findFirstCommit()];
  if (one !== other && one !== undefined && other !== undefined) {
    throw new StoreError(
      'conflict',
      `${name} is the backup of another site than the one in the data directory: name another directory with --data (MODELGATE_DATA), or another backup`,
    );
  }
}

async function findReopened(replaced: Reads, backup: Reads, now: number): Promise<Reopened[]> {
  const before = { ...(await readWholeSite(replaced)), settings: await replaced.readSettings() };
  const after = { ...(await readWholeSite(backup)), settings: await backup.readSettings() };
  const credentials = await reopenedCredentials({ replaced, backup, before, after, now });
  return [...credentials, ...reopenedThings(before, after)];
}
