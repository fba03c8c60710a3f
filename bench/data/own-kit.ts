import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { benchCache, inProject } from '../where.ts';
import type { Kit } from './kit.ts';
import { ownRequests } from './own-requests.ts';
import { ownSet, writeOwnTables } from './own-tables.ts';
import { writeWorkload } from './workload.ts';

const sizes: Readonly<Record<string, readonly [models: number, keys: number, requests: number]>> = {
  small: [100, 1000, 2000],
  big: [20_000, 1_000_000, 20_000],
};
const largeBodyBytes = 64 * 1024;
const largeRequests = 400;

/** What is used where there is no peers kit: tables and requests of the same form, and a loader of our own. */
export function ownKit(): Kit {
  const tables = (set: string) => join(benchCache(), 'own-tables', set);
  const workloadFile = (set: string, workload: string) => join(tables(set), `${workload}.workload`);
  return {
    loader: [process.execPath, inProject('dist', 'bench', 'load', 'own-loader.js')],
    tables,
    workloadFile,
    prepare: async sets => {
      for (const name of sets) {
        const [models, keys, requests] = sizes[name] ?? sizeOf(name);
        // The last file that is written.
        if (!existsSync(workloadFile(name, '64k'))) {
          const set = ownSet(models, keys);
          await writeOwnTables(tables(name), set);
          writeWorkload(workloadFile(name, 'small'), ownRequests(set, requests, smallBody));
          writeWorkload(workloadFile(name, '64k'), ownRequests(set, largeRequests, largeBody));
        }
      }
    },
  };
}

/** A set is named by its number of keys, or by one of the sizes above. */
function sizeOf(name: string): readonly [number, number, number] {
  const keys = Number.parseInt(name, 10);
  return [keys / 50, keys, 2000];
}

const question = {
  age: 42,
  region: 'eu-1',
  total_transaction: 123_456,
  balance: 1234.5,
  history: [1, 22, 333, 4444],
  channel: 'branch',
  segments: ['retail', 'mobile'],
  score: null,
  note: 'monthly review',
};

function smallBody(accessKey: string): string {
  return JSON.stringify({ accessKey: accessKey || undefined, request: question });
}

function largeBody(accessKey: string): string {
  const body = (content: string) =>
    JSON.stringify({ request: { messages: [{ role: 'user', content }] }, accessKey: accessKey || undefined });
  const words = 'the model reads a long prompt with "quotes", {braces} and [brackets] before it answers\n';
  return body(words.repeat(Math.floor((largeBodyBytes - body('').length) / (JSON.stringify(words).length - 2))));
}
