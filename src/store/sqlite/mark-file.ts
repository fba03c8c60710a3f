import { createHash } from 'node:crypto';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDurable } from '../make-durable.ts';
import { ownersOnly } from './keep-to-owner.ts';

/** A place in one history of a store: every revision up to this one may have been acknowledged. */
export interface Mark {
  readonly epoch: string;
  readonly revision: number;
}

/** A mark as it stands in the file: which of the two slots holds it, and the how-manieth it is. */
export interface WrittenMark extends Mark {
  readonly slot: number;
  readonly sequence: number;
}

/**
 * Two records of a fixed size, each on a page of its own, written in turn: a write that is cut off harms the older
 * one. `form`, sequence (u64), revision (u64), epoch, zeros, then the SHA-256 of all that.
 */
const slots = 2;
const slotBytes = 4096;
const recordBytes = 128;
const form = 'modelgate mark 1';
const [sequenceAt, revisionAt, epochAt, digestAt] = [16, 24, 32, 96];
const fileBytes = slots * slotBytes;

/** Where the mark of a database stands; beside it, so that who moves the one by its name moves both. */
export function markFileOf(database: string): string {
  return `${database}-mark`;
}

/** The newest mark that is whole; undefined where the file is missing, can't be read or holds none. */
export async function readMark(path: string): Promise<WrittenMark | undefined> {
  const handle = await open(path).catch(() => undefined);
  try {
    const read = await handle?.read(Buffer.alloc(fileBytes), 0, fileBytes, 0).catch(() => undefined);
    const bytes = read ? read.buffer.subarray(0, read.bytesRead) : Buffer.alloc(0);
    const whole = [...Array(slots).keys()].flatMap(slot => parse(bytes, slot) ?? []);
    return whole.sort((one, two) => two.sequence - one.sequence)[0];
  } finally {
    await handle?.close();
  }
}

/** Opens the file, readable for its owner only, for marks to come after `newest`. Rejects with a fault of the file system. */
export async function openMarkFile(path: string, newest: WrittenMark | undefined): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    await ownersOnly(handle);
    if (!newest) {
      // Of full size from the start: making a mark durable later need not wait for what the file system notes about the file.
      await handle.write(Buffer.alloc(fileBytes), 0, fileBytes, 0);
      await handle.sync();
      await makeDurable(dirname(path));
    }
    return handle;
  } catch (fault) {
    await handle.close();
    throw fault;
  }
}

/** Writes a mark over the older one and makes it durable; answers where it stands. Rejects with a fault of the file system. */
export async function writeMark(handle: FileHandle, mark: Mark, newest: WrittenMark | undefined): Promise<WrittenMark> {
  const slot = newest ? (newest.slot + 1) % slots : 0;
  const written = { ...mark, slot, sequence: (newest?.sequence ?? 0) + 1 };
  const bytes = record(written);
  const { bytesWritten } = await handle.write(bytes, 0, bytes.length, slot * slotBytes);
  if (bytesWritten < bytes.length) {
    throw Object.assign(new Error('a mark was written in part'), { code: 'ENOSPC' });
  }
  await handle.datasync();
  return written;
}

function record({ epoch, revision, sequence }: WrittenMark): Buffer {
  const bytes = Buffer.alloc(recordBytes);
  bytes.write(form, 0, 'latin1');
  bytes.writeBigUInt64BE(BigInt(sequence), sequenceAt);
  bytes.writeBigUInt64BE(BigInt(revision), revisionAt);
  bytes.write(epoch, epochAt, digestAt - epochAt, 'utf8');
  digestOf(bytes).copy(bytes, digestAt);
  return bytes;
}

function parse(file: Buffer, slot: number): WrittenMark | undefined {
  const bytes = file.subarray(slot * slotBytes, slot * slotBytes + recordBytes);
  const isWhole = bytes.length === recordBytes && digestOf(bytes).equals(bytes.subarray(digestAt));
  if (!isWhole || bytes.toString('latin1', 0, form.length) !== form) {
    return undefined;
  }
  const epoch = bytes.toString('utf8', epochAt, digestAt).replace(/\0+$/, '');
  const [sequence, revision] = [bytes.readBigUInt64BE(sequenceAt), bytes.readBigUInt64BE(revisionAt)].map(Number);
  return { epoch, revision: revision as number, sequence: sequence as number, slot };
}

function digestOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes.subarray(0, digestAt)).digest();
}
