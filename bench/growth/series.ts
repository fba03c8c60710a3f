import type { Grown } from './grown-requests.ts';

/** One measure that grows, with all others as they are in the small set. */
export interface Series {
  readonly name: string;
  readonly title: string;
  /** How its axis is drawn; costs that don't grow are a level line on either. */
  readonly axis: 'linear' | 'log';
  readonly points: readonly Point[];
}

export interface Point {
  readonly value: number;
  readonly label: string;
  /** Keys in the store; a model for fifty of them. */
  readonly keys: number;
  readonly grown: Grown;
}

const kib = 1024;
const smallSetKeys = 1000;

/** What `npm run bench:growth` measures: another question is another entry. */
export const allSeries: readonly Series[] = [
  {
    name: 'keys',
    title: 'keys in the store',
    axis: 'log',
    points: [1000, 10_000, 100_000, 1_000_000].map(keys => ({
      value: keys,
      label: keys.toLocaleString('en'),
      keys,
      grown: {},
    })),
  },
  {
    name: 'body',
    title: 'size of the body in KiB, access key last',
    axis: 'linear',
    points: [0, 64 * kib, 128 * kib, 256 * kib, 512 * kib, 1024 * kib].map(bodyBytes => ({
      value: bodyBytes / kib,
      label: String(bodyBytes / kib),
      keys: smallSetKeys,
      grown: { bodyBytes },
    })),
  },
  {
    name: 'headers',
    title: 'headers of the call',
    axis: 'linear',
    points: [5, 15, 25, 50, 75, 100].map(headers => ({
      value: headers,
      label: String(headers),
      keys: smallSetKeys,
      grown: { headers },
    })),
  },
];
