import { requestFor } from './derived-answers.ts';
import {
  bit,
  callBlock,
  check,
  data,
  frame,
  headers,
  kind,
  none,
  padded,
  reset,
  setting,
  settings,
  windowUpdate,
} from './frame-bytes.ts';

/** One attack on a fresh connection: what opens it, and what follows as often as it goes. */
export interface Attack {
  readonly opening: Buffer;
  /** `n` counts from 0, so that each may take a stream of its own. */
  readonly each: (n: number) => Buffer;
  /** What it sends is calls, as far as anybody can tell before it is too many: others wait behind them as behind any calls. */
  readonly isCalls?: boolean;
  /** By so many at a time; four if it is not said. */
  readonly connections?: number;
}

const entry = Buffer.concat([Buffer.from([0x40, 1, 0x78, 0x7f, 0x81, 0x1e]), Buffer.alloc(3968, 'y')]);
const bomb = Buffer.concat([entry, Buffer.alloc(12_000, 0xbe)]);
const opened = headers(1);

/** No attack, but as much as a server can do. */
export const honestWork = 'checks as fast as they go';

/** Floods as they are known from other servers (T15, T16). */
export const attacks: Readonly<Record<string, Attack>> = {
  [honestWork]: {
    opening: windowUpdate(0, 2 ** 30),
    each: n => check(2 * n + 1, requestFor(n, 300)),
  },
  CONTINUATION: { opening: headers(1, none, 0), each: () => frame(kind.continuation, 0, 1) },
  'HPACK bombs': { opening: none, each: n => headers(2 * n + 1, bomb) },
  SETTINGS: {
    opening: opened,
    each: () => settings(...Array.from({ length: 30 }, (_, n) => [setting.initialWindow, n] as const)),
  },
  PING: { opening: none, each: () => frame(kind.ping, 0, 0, Buffer.alloc(8)) },
  WINDOW_UPDATE: { opening: opened, each: () => windowUpdate(0, 1) },
  PRIORITY: { opening: opened, each: () => frame(kind.priority, 0, 1, Buffer.from([0, 0, 0, 0, 1])) },
  'empty DATA': { opening: opened, each: () => data(1, none, 0) },
  'DATA of padding': { opening: opened, each: () => data(1, padded(none, 0), bit.padded) },
  'streams without end': { isCalls: true, opening: none, each: n => headers(2 * n + 1) },
  resets: {
    connections: 1,
    isCalls: true,
    opening: none,
    each: n => Buffer.concat([headers(2 * n + 1), reset(2 * n + 1)]),
  },
  'faults that make us reset': { opening: none, each: n => headers(2 * n + 1, callBlock('')) },
};
