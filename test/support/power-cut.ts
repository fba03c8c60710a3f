import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Disks write sectors whole, and no more than that. */
const sectorBytes = 512;

type DiskEvent =
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly length: number }
  | { readonly kind: 'synced' | 'sync_failed' | 'removed' | 'folder_synced'; readonly path: string };

/** A file as the disk has it, and what was done to it since. */
interface DiskFile {
  content: Buffer;
  pending: DiskEvent[];
  /** Whether the folder's entry for it is on the disk. */
  entered: boolean;
  /** Whether it was removed, which the disk may not know yet. */
  removed: boolean;
}

/** The files of a folder by name. */
export type Files = ReadonlyMap<string, Buffer>;

export function readFiles(folder: string): Files {
  return new Map(readdirSync(folder).map(name => [name, readFileSync(join(folder, name))]));
}

export function writeFiles(folder: string, files: Files): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
  }
}

/**
 * What a disk may hold after a power cut: everything that was made durable, and of what came after it any
 * part, sector by sector. `log` is what faulty-disk.c noted up to the cut, from files as `before` has them.
 */
export function cutPower(before: Files, log: Buffer, random: () => number): Files {
  const disk = new Map<string, DiskFile>();
  for (const [name, content] of before) {
    disk.set(name, { content: Buffer.from(content), pending: [], entered: true, removed: false });
  }
  for (const event of parseLog(log)) {
    follow(disk, event, random);
  }
  const left = new Map<string, Buffer>();
  for (const [name, file] of disk) {
    settle(file, random);
    const isThere = file.entered ? !file.removed || random() < 0.5 : !file.removed && random() < 0.5;
    if (isThere) {
      left.set(name, file.content);
    }
  }
  return left;
}

function follow(disk: Map<string, DiskFile>, event: DiskEvent, random: () => number): void {
  if (event.kind === 'folder_synced') {
    for (const [name, file] of disk) {
      file.entered = true;
      if (file.removed) disk.delete(name);
    }
    return;
  }
  let file = disk.get(event.path);
  if (!file || (file.removed && event.kind === 'write')) {
    file = { content: Buffer.alloc(0), pending: [], entered: false, removed: false };
    disk.set(event.path, file);
  }
  if (event.kind === 'synced') {
    file.content = file.pending.reduce((content, each) => applied(content, each), file.content);
    file.pending = [];
  } else if (event.kind === 'sync_failed') {
    // The kernel forgets what it could not write: some of it arrived, none of it is tried again.
    settle(file, random);
  } else if (event.kind === 'removed') {
    file.removed = true;
  } else {
    file.pending.push(event);
  }
}

/** Any part of what is pending reaches the disk, and the rest never. */
function settle(file: DiskFile, random: () => number): void {
  const share = random();
  for (const event of file.pending) {
    if (random() < share) {
      file.content = event.kind === 'write' ? torn(file.content, event, random) : applied(file.content, event);
    }
  }
  file.pending = [];
}

function torn(content: Buffer, event: DiskEvent & { kind: 'write' }, random: () => number): Buffer {
  const whole = random() < 0.5;
  let result = content;
  for (let at = 0; at < event.bytes.length; ) {
    const next = Math.min(event.bytes.length, at + sectorBytes - ((event.offset + at) % sectorBytes));
    if (whole || random() < 0.5) {
      result = applied(result, { ...event, offset: event.offset + at, bytes: event.bytes.subarray(at, next) });
    }
    at = next;
  }
  return result;
}

/** The content after an event; the one that was given may be changed. */
function applied(content: Buffer, event: DiskEvent): Buffer {
  if (event.kind === 'truncate') {
    const result = Buffer.alloc(event.length);
    content.copy(result, 0, 0, event.length);
    return result;
  }
  if (event.kind !== 'write') {
    return content;
  }
  const end = event.offset + event.bytes.length;
  const result = end <= content.length ? content : Buffer.concat([content], end);
  event.bytes.copy(result, event.offset);
  return result;
}

const kinds = { S: 'synced', F: 'sync_failed', U: 'removed', D: 'folder_synced' } as const;

/** Reads what faulty-disk.c writes; a last record that is not whole did not happen yet. */
function* parseLog(log: Buffer): Generator<DiskEvent> {
  for (let at = 0; at < log.length; ) {
    const end = log.indexOf(0x0a, at);
    if (end < 0) return;
    const [letter, path = '', first, second] = log.toString('utf8', at, end).split(' ');
    at = end + 1;
    if (letter === 'W') {
      const length = Number(second);
      if (at + length > log.length) return;
      yield { kind: 'write', path, offset: Number(first), bytes: log.subarray(at, at + length) };
      at += length;
    } else if (letter === 'T') {
      yield { kind: 'truncate', path, length: Number(first) };
    } else {
      yield { kind: kinds[letter as keyof typeof kinds], path };
    }
  }
}
