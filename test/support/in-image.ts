import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/**
 * What an engine does for a container, as far as a mount namespace can: the image's folder is the root and cannot be
 * written, this machine lends it the system below (Node.js, its libraries, /dev, /proc), the folders of volumes can be
 * written, and the process has the user of the image with no other group.
 */
const enter = `
root=$1 volumes=$2 node=$3; shift 3
mount --bind "$root" "$root"
for name in usr bin sbin lib lib64 etc dev proc; do
  if [ -L "/$name" ]; then ln -sfn "$(readlink "/$name")" "$root/$name"
  elif [ -d "/$name" ]; then mkdir -p "$root/$name"; mount --rbind "/$name" "$root/$name"; mount -o remount,ro,bind "$root/$name"
  fi
done
touch "$root/node"
mount --bind "$node" "$root/node"
for volume in var/lib/modelgate run/modelgate; do
  mkdir -p "$root/$volume" "$volumes/$volume"
  chmod 1777 "$volumes/$volume"
  mount --bind "$volumes/$volume" "$root/$volume"
done
mount -o remount,ro,bind "$root" "$root"
exec chroot --userspec=10001:10001 --groups= "$root" /usr/bin/env -i "$@"
`;

export interface Image {
  /** A process of the image with an environment and no other. */
  start(command: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  /** The same to its end. */
  run(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<ImageResult>;
}

export interface ImageResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The image whose root is a folder; the folder of its volumes is made. Throws where this process may not mount: it takes root on Linux. */
export function openImage(root: string, volumes: string): Image {
  const tried = spawnSync('unshare', ['--mount', 'true']);
  if (tried.status !== 0) {
    throw new Error('an image is entered by a mount namespace (unshare), which takes root on Linux: run this as root');
  }
  const start: Image['start'] = ([program = '', ...argv], env = {}) => {
    const command = [program === 'node' ? '/node' : program, ...argv];
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    return spawn('unshare', [
      '--mount',
      'sh',
      '-euc',
      enter,
      'enter',
      root,
      volumes,
      process.execPath,
      ...settings,
      ...command,
    ]);
  };
  return {
    start,
    async run(command, env) {
      const child = start(command, env);
      child.stdin?.end();
      const output = [child.stdout, child.stderr].map(stream => text(stream as Readable));
      const [[code], stdout = '', stderr = ''] = await Promise.all([once(child, 'close'), ...output]);
      return { code, stdout, stderr };
    },
  };
}
