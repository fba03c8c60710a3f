import {
  bit,
  checkBlock,
  checkPath,
  data,
  frame,
  headers,
  kind,
  message,
  none,
  padded,
} from '../support/http2/frame-bytes.ts';
import type { Dice } from './dice.ts';

const frameBytesMax = 16_384;
const frameHeaderBytes = 9;
/** As much as Node.js reads from a socket at once. */
const readBytes = 65_536;
/** A kind of frame that there is not. */
const unknownKind = 0xfa;

const text = (value: string) => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
/** RFC 7541, 6.1 and 6.2.1: POST and http from the static table; the rest is put into the table, and is found there later. */
const filling = Buffer.concat([
  Buffer.of(0x83, 0x86, 0x44),
  text(checkPath),
  Buffer.of(0x41),
  text('modelgate'),
  Buffer.of(0x5f),
  text('application/grpc'),
  Buffer.of(0x40),
  text('te'),
  text('trailers'),
]);
const indexed = Buffer.of(0x83, 0x86, 0xc1, 0xc0, 0xbf, 0xbe);
/** RFC 7541, 6.3: nothing, then 4096 bytes again. */
const emptied = Buffer.of(0x20, 0x3f, 0xe1, 0x1f);

/** The header blocks of one connection's requests, by literals or by a table that is now and then emptied. */
export class RequestBlocks {
  #isFilled = false;

  next(dice: Dice): Buffer {
    if (dice.chance(0.02)) {
      this.#isFilled = true;
      return Buffer.concat([emptied, filling]);
    }
    if (dice.chance(0.2)) return checkBlock;
    const block = this.#isFilled ? indexed : filling;
    this.#isFilled = true;
    return block;
  }
}

/** A check in its frames: what begins it stays together, what carries it may be mixed with that of others. */
export interface CheckFrames {
  readonly head: Buffer;
  readonly data: readonly Buffer[];
}

export function checkFrames(stream: number, block: Buffer, request: Buffer, dice: Dice): CheckFrames {
  return { head: headFrames(stream, block, dice), data: dataFrames(stream, message(request), dice) };
}

function headFrames(stream: number, block: Buffer, dice: Dice): Buffer {
  if (dice.chance(0.85)) return headers(stream, block);
  if (dice.chance(0.5)) return headers(stream, padded(block, dice.below(200)), bit.endHeaders | bit.padded);
  const cut = dice.below(block.length);
  return Buffer.concat([
    headers(stream, block.subarray(0, cut), 0),
    frame(kind.continuation, bit.endHeaders, stream, block.subarray(cut)),
  ]);
}

function dataFrames(stream: number, bytes: Buffer, dice: Dice): Buffer[] {
  const frames: Buffer[] = [];
  const isCut = dice.chance(0.2);
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + (isCut ? dice.between(1, 700) : frameBytesMax));
    const piece = bytes.subarray(at, end);
    const flags = end === bytes.length ? bit.endStream : 0;
    const isPadded = piece.length < 16_000 && dice.chance(0.05);
    frames.push(
      isPadded ? data(stream, padded(piece, dice.below(256)), flags | bit.padded) : data(stream, piece, flags),
    );
    at = end;
  }
  return frames;
}

/** In the order of their streams, or their bodies mixed with each other. */
export function woven(checks: readonly CheckFrames[], dice: Dice): Buffer[] {
  if (dice.chance(0.7)) return checks.flatMap(({ head, data: body }) => [head, ...body]);
  const rests = checks.map(({ data: body }) => [...body]);
  const frames = checks.map(({ head }) => head);
  for (
    let left = rests.filter(({ length }) => length > 0);
    left.length > 0;
    left = left.filter(({ length }) => length > 0)
  ) {
    frames.push(dice.pick(left).shift() as Buffer);
  }
  return frames;
}

/** How many bytes are missing for a read that is full, or misses that by one byte. */
export function missingForRead(length: number, dice: Dice): number {
  const reads = Math.ceil((length + 1) / readBytes) + dice.below(2);
  const missing = reads * readBytes + dice.pick([-1, 0, 0, 1]) - length;
  return missing < frameHeaderBytes && missing !== 0 ? missing + readBytes : missing;
}

/** Frames that mean nothing, of so many bytes in all: none, or at least nine. */
export function filler(bytes: number): Buffer[] {
  const frames: Buffer[] = [];
  for (let left = bytes; left > 0; ) {
    const most = frameBytesMax + frameHeaderBytes;
    const next = left <= most ? left : Math.min(most, left - frameHeaderBytes);
    frames.push(frame(unknownKind, 0, 0, next === frameHeaderBytes ? none : Buffer.alloc(next - frameHeaderBytes, 7)));
    left -= next;
  }
  return frames;
}

/** How many bytes of padding in a message take up so much of a read, in whole frames; the rest is for `filler`. */
export function paddingWithin(bytes: number): number {
  return Math.max(0, Math.floor(bytes / (frameBytesMax + frameHeaderBytes)) - 1) * frameBytesMax;
}
