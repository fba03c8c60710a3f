import { chmod, lstat, mkdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';

const setting = '--check-listen (MODELGATE_CHECK_LISTEN)';
/** The owner's, and readable for the group that Envoy is in. */
const folderMode = 0o750;
const writableByOthers = 0o002;
const openToOthers = 0o007;
const sticky = 0o1000;

/**
 * Makes a path ready to be listened on: its folder exists, and a socket that a crashed process left is gone;
 * one that answers is left alone. Rejects with an Error where the folder would let others put a
 * socket of their own there, or something else has the path (T20).
 */
export async function prepareSocket(path: string, warn: (fields: object, message: string) => void): Promise<void> {
  const folder = resolve(dirname(path));
  const mode = await folderModeOf(folder);
  if ((mode & writableByOthers) !== 0) {
    // Such a folder is for everybody, and closing it would break others: the socket moves, not the mode.
    const own = `unix:${join(folder, 'modelgate', basename(path))}`;
    if ((mode & sticky) === 0) {
      throw new Error(
        `${folder} is writable for everybody, who could answer checks in our place: name a path in a folder of its own, such as ${own}, with ${setting}`,
      );
    }
    warn({ folder, own }, 'the socket is in a folder that all users share: give it one of its own');
  } else if ((mode & openToOthers) !== 0) {
    warn({ folder }, "the socket's folder is open to others: take their access away (chmod o= FOLDER)");
  }
  const found = await lstat(path).catch(() => undefined);
  if (found && !found.isSocket()) {
    throw new Error(`${path} exists and is no socket: remove it, or name another path with ${setting}`);
  }
  if (found && (await isDead(path))) {
    await rm(path);
  }
}

async function folderModeOf(folder: string): Promise<number> {
  try {
    await makeFolder(folder);
    return (await stat(folder)).mode;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(`${folder} can't be made a folder for the socket (${code}): see ${setting}`);
  }
}

/** Whatever the process's mask is: Envoy gets in by the group, through each folder that is made here. */
async function makeFolder(folder: string): Promise<void> {
  const topmost = await mkdir(folder, { recursive: true, mode: folderMode });
  for (let made = folder; topmost !== undefined && made.startsWith(topmost); made = dirname(made)) {
    await chmod(made, folderMode);
  }
}

/** Only a refused connection says that nobody listens there: a socket that may not be asked can be a living one. */
function isDead(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED'));
  });
}
