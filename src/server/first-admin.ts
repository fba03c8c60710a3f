import { readFile, stat } from 'node:fs/promises';
import { archiveAction } from '../admin/schemas/audit-events.ts';
import { newPrincipalName } from '../admin/schemas/fields.ts';
import { insertSignInLink, signInUrl } from '../admin/sign-in/sign-in-links.ts';
import { insertUser } from '../admin/site-users.ts';
import type { Config } from '../config/read-config.ts';
import { digestOf } from '../keys/digest.ts';
import { hasSecretForm, makeSecret } from '../keys/secret.ts';
import type { Log } from '../log/log.ts';
import { ownAuthor, recoveryAuthor } from '../store/own-author.ts';
import type { Author, Store, UserReads } from '../store/store.ts';
import { shellWord } from '../words/shell-word.ts';
import { fileFaultWords } from '../words/system-fault.ts';

/** A fault that ends a start; the message says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const author: Author = { actor: ownAuthor, address: '' };

/** Makes the first site admin and answers its legacy key, to be shown once. Rejects with a StartError where one exists. */
export async function createFirstAdmin(store: Store, username: string, now: number): Promise<string> {
  const legacyKey = makeSecret('legacy_key');
  await insertAdmin(store, username, legacyKey, now);
  return legacyKey;
}

/**
 * Gives a site admin whose legacy key is lost a new one, and answers it, to be shown once; the user's sessions and links end with the
 * old key. Rejects with a StartError where the user is no active site admin: rights are nothing that is recovered.
 */
export async function recoverAdmin(store: Store, username: string): Promise<string> {
  const legacyKey = makeSecret('legacy_key');
  await store.write({ actor: recoveryAuthor, address: '' }, async writes => {
    const user = await writes.findUser(username);
    if (!user?.site_admin || user.deactivated) {
      throw new StartError(
        `${username} is no active site admin of this site: name one who is: ${await adminNames(writes)}`,
      );
    }
    await writes.setLegacyKey(username, digestOf(legacyKey));
  });
  return legacyKey;
}

/** Of more than that, whoever recovers one knows some. */
const adminsNamed = 10;

async function adminNames(reads: UserReads): Promise<string> {
  const admins = await reads.listActiveSiteAdmins(adminsNamed + 1);
  const names = admins.slice(0, adminsNamed).map(({ username }) => username);
  return [...names, ...(admins.length > adminsNamed ? ['…'] : [])].join(', ');
}

/**
 * Lets a store with a site admin be served. Where there is none, the bootstrap key makes one; without
 * that key, rejects with a StartError that says how to get one.
 */
export async function requireAdmin(store: Store, config: Config, log: Log, now: number): Promise<void> {
  const exists = (await store.read.countActiveSiteAdmins()) > 0;
  const file = config.bootstrapKeyFile;
  if (exists && file !== '') {
    log.warn('bootstrap key ignored: there is a site admin');
  }
  if (exists) {
    return;
  }
  if (file === '') {
    throw new StartError(
      `this site has no admin yet: run \`modelgate init --admin NAME --data ${shellWord(config.data)}\`, or set --bootstrap-key-file (MODELGATE_BOOTSTRAP_KEY_FILE)`,
    );
  }
  await insertAdmin(store, config.bootstrapAdmin, await readBootstrapKey(file, log), now);
  log.info({ username: config.bootstrapAdmin }, 'site admin made from the bootstrap key');
}

async function readBootstrapKey(file: string, log: Log): Promise<string> {
  const setting = '--bootstrap-key-file (MODELGATE_BOOTSTRAP_KEY_FILE)';
  if (hasSecretForm('legacy_key', file.trim())) {
    throw new StartError(`${setting} holds a key instead of the path of a file that holds it`);
  }
  const name = `${setting}: ${file}`;
  const text = await readFile(file, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    throw new StartError(`${name} can't be read: ${fileFaultWords(file, fault)}`);
  });
  if (!hasSecretForm('legacy_key', text.trim())) {
    throw new StartError(
      `${name} holds no legacy key: it must be mgl_ and 49 letters and digits, the last 6 a checksum`,
    );
  }
  if (((await stat(file)).mode & 0o077) !== 0) {
    log.warn({ file }, 'others may read the bootstrap key: chmod 600 it');
  }
  return text.trim();
}

/**
 * A link that signs the first site admin in, once, for whoever starts the site at a terminal; undefined once somebody has
 * signed in. `origin` is where the admin pages are.
 */
export async function firstSignIn(store: Store, origin: string, now: number): Promise<FirstSignIn | undefined> {
  const [signedIn] = await store.read.listAuditEvents({ limit: 1, action: 'session.create' });
  // Who signed in may be in the archive by now: a site so old needs no link at each start.
  const [archived] = await store.read.listAuditEvents({ limit: 1, action: archiveAction });
  const [admin] = await store.read.listActiveSiteAdmins(1);
  if (signedIn || archived || !admin) {
    return undefined;
  }
  const { username } = admin;
  const { result } = await store.write(author, writes =>
    insertSignInLink(writes, { username, madeBy: author.actor, now }),
  );
  return { username, url: signInUrl(origin, result.token) };
}

export interface FirstSignIn {
  readonly username: string;
  /** Holds a secret: for a terminal, and no log. */
  readonly url: string;
}

async function insertAdmin(store: Store, username: string, legacyKey: string, now: number): Promise<void> {
  const { error } = newPrincipalName.safeParse(username);
  if (error) {
    throw new StartError(`the site admin's name ${error.issues[0]?.message}`);
  }
  await store.write(author, async writes => {
    // Here, and not before: of many setups at once one makes an admin (T35).
    if ((await writes.countActiveSiteAdmins()) > 0) {
      throw new StartError('this store has a site admin already; users are made by `modelgate users create`');
    }
    await insertUser(writes, { username, name: '', email: '', site_admin: true }, now);
    await writes.setLegacyKey(username, digestOf(legacyKey));
  });
}
