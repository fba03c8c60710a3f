import { inProject } from '../where.ts';
import type { BenchServer } from './bench-server.ts';

/**
 * What node:net and the framing cost by themselves, in the same table: how near is the product? They look at no request and
 * allow everything.
 */
export const floors: readonly BenchServer[] = [
  floor('floor-echo', 'echo-server', 'echo-loader'),
  floor('floor-constant', 'constant-server'),
  { ...floor('no-filter', 'constant-server'), asked: false },
];

function floor(name: string, program: string, loader?: string): BenchServer {
  return {
    name,
    usual: true,
    fast: true,
    sets: ['small'],
    judged: 'all-allowed',
    // A loader in JavaScript keeps no steady pace.
    ...(loader === undefined ? {} : { loader: [process.execPath, pathOf(loader)], closedLoopOnly: true }),
    missing: () => undefined,
    prepare: async () => undefined,
    launch: (_, { check }) => ({ command: [process.execPath, pathOf(program), '--port', String(check)] }),
  };
}

function pathOf(program: string): string {
  return inProject('dist', 'bench', 'floor', `${program}.js`);
}
