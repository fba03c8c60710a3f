import fc from 'fast-check';
import { requestFor, undecidedRequest } from '../support/http2/derived-answers.ts';
import {
  bit,
  callBlock,
  checkBlock,
  checkPath,
  data,
  frame,
  headers,
  kind,
  message,
  none,
  padded,
  reset,
  setting,
  settings,
  windowUpdate,
} from '../support/http2/frame-bytes.ts';

/** What one call sends, in its order; what belongs to the connection alone has no stream. */
export interface Conversation {
  readonly frames: readonly Buffer[];
  /** Of each stream that asks for a check as it should: its request. */
  readonly requests: ReadonlyMap<number, Buffer>;
}

const request = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.nat(2 ** 20), fc.nat(300)).map(([number, bytes]) => requestFor(number, bytes)) },
  { weight: 2, arbitrary: fc.tuple(fc.nat(99), fc.nat(40_000)).map(([number, bytes]) => requestFor(number, bytes)) },
  { weight: 1, arbitrary: fc.constantFrom(none, undecidedRequest, Buffer.alloc(20_000, 1), Buffer.of(0)) },
);

/** The same fields, indexed or not, padded or not, in one frame or several. */
const head = fc.record({
  indexed: fc.boolean(),
  padding: fc.option(fc.nat(20)),
  pieces: fc.array(fc.nat(), { maxLength: 2 }),
});
const body = fc.record({
  pieces: fc.array(fc.nat(), { maxLength: 4 }),
  padding: fc.option(fc.nat(20)),
  lateEnd: fc.boolean(),
});

interface Shape<T> {
  readonly padding: number | null;
  readonly pieces: readonly number[];
  readonly more?: T;
}

function cut(bytes: Buffer, places: readonly number[], largest: number): Buffer[] {
  const edges = new Set([...places.map(place => place % (bytes.length + 1)), bytes.length]);
  for (let at = largest; at < bytes.length; at += largest) edges.add(at);
  const sorted = [...edges].sort((one, two) => one - two);
  return sorted.map((edge, n) => bytes.subarray(sorted[n - 1] ?? 0, edge));
}

/** The fields of a check as literals that are put into the table: repeats are decoded like any other. */
const indexedBlock = Buffer.from(checkBlock);
for (let at = 0; at < indexedBlock.length; ) {
  indexedBlock[at] = 0x40;
  at += 2 + (indexedBlock[at + 1] as number);
  at += 1 + (indexedBlock[at] as number);
}

function headFrames(stream: number, block: Buffer, { padding, pieces }: Shape<unknown>): Buffer[] {
  const parts = cut(block, pieces, 16_000);
  return parts.map((part, n) => {
    const flags = n === parts.length - 1 ? bit.endHeaders : 0;
    if (n > 0) return frame(kind.continuation, flags, stream, part);
    return padding === null ? headers(stream, part, flags) : headers(stream, padded(part, padding), flags | bit.padded);
  });
}

function bodyFrames(
  stream: number,
  bytes: Buffer,
  { pieces, padding, lateEnd }: Shape<unknown> & { lateEnd: boolean },
): Buffer[] {
  const parts = [...cut(bytes, pieces, 16_000), ...(lateEnd ? [none] : [])];
  return parts.map((part, n) => {
    const flags = n === parts.length - 1 ? bit.endStream : 0;
    return padding === null ? data(stream, part, flags) : data(stream, padded(part, padding), flags | bit.padded);
  });
}

/** One call: mostly a check as it should be, else one that a server refuses, resets or never hears the end of. */
const call = fc.record({
  request,
  head,
  body,
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('right') },
    fc.constantFrom('reset', 'unknown', 'compressed', 'health'),
  ),
});

const between = fc.constantFrom(
  frame(kind.ping, 0, 0, Buffer.from('12345678')),
  frame(kind.priority, 0, 1, Buffer.from([0, 0, 0, 0, 9])),
  frame(99, 255, 0, Buffer.from('unknown')),
  windowUpdate(0, 1000),
  settings([setting.tableBytes, 0]),
  settings([setting.tableBytes, 200]),
  settings([setting.tableBytes, 4096]),
  settings([setting.initialWindow, 70_000]),
  settings([setting.initialWindow, 100]),
  settings([setting.frameBytesMax, 20_000]),
);

/** Calls on streams 1, 3, 5 and so on, their frames between each other's as an order of picks has it. */
export const conversation: fc.Arbitrary<Conversation> = fc
  .record({
    calls: fc.array(call, { minLength: 1, maxLength: 8 }),
    picks: fc.array(fc.nat(), { maxLength: 60 }),
    others: fc.array(fc.tuple(fc.nat(), between), { maxLength: 4 }),
  })
  .map(({ calls, picks, others }) => {
    const requests = new Map<number, Buffer>();
    const queues = calls.map((each, n) => {
      const stream = 2 * n + 1;
      if (each.kind === 'right') requests.set(stream, each.request);
      return framesOf(stream, each);
    });
    return { frames: weave(queues, picks, others), requests };
  });

function framesOf(
  stream: number,
  { request: sent, head: first, body: rest, kind: of }: typeof call extends fc.Arbitrary<infer T> ? T : never,
) {
  const path = of === 'unknown' ? '/x.Y/Z' : of === 'health' ? '/grpc.health.v1.Health/Check' : checkPath;
  const block = path === checkPath ? (first.indexed ? indexedBlock : checkBlock) : callBlock(path);
  const bytes = of === 'health' ? message(none) : message(sent, sent.length, of === 'compressed' ? 1 : 0);
  const opening = headFrames(stream, block, first);
  return of === 'reset'
    ? [
        opening,
        ...bodyFrames(stream, bytes, rest)
          .slice(0, -1)
          .map(each => [each]),
        [reset(stream)],
      ]
    : [opening, ...bodyFrames(stream, bytes, rest).map(each => [each])];
}

/** A header block stays in one piece, and streams begin in their order; all else may come in any. */
function weave(
  queues: Buffer[][][],
  picks: readonly number[],
  others: readonly (readonly [number, Buffer])[],
): Buffer[] {
  const frames: Buffer[][] = [];
  let begun = 0;
  for (let turn = 0; queues.some(queue => queue.length > 0); turn += 1) {
    const open = queues.slice(0, begun + 1).flatMap((queue, n) => (queue.length > 0 ? [n] : []));
    const picked = open[(picks[turn % picks.length] ?? 0) % open.length] as number;
    begun = picked === begun ? Math.min(begun + 1, queues.length - 1) : begun;
    frames.push(queues[picked]?.shift() as Buffer[]);
  }
  for (const [at, other] of others) {
    frames.splice(at % (frames.length + 1), 0, [other]);
  }
  return frames.flat();
}
