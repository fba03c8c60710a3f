import type { Changes } from './load/change-load.ts';
import type { Plan } from './plan.ts';

/** Every plan of `npm run bench`: another measure is another line here. */
export const plans: readonly Plan[] = [
  closed('c1', 'one call at a time', 1),
  closed('c16', '16 calls at a time on one connection', 16),
  closed('c64', '64 calls at a time on one connection', 64),
  closed('4x16', '4 connections with 16 calls each, as from workers of an Envoy', 16, { connections: 4 }),
  closed('16x1', '16 connections with one call each: the least to batch', 1, { connections: 16 }),
  open('open-2k', '2,000 calls a second, each at its own instant', 2000),
  open('open-10k', '10,000 calls a second, each at its own instant', 10_000),
  closed('64k-c1', 'bodies of 64 KiB, the access key last, one at a time', 1, { workload: '64k', compiledOnly: true }),
  closed('64k-c16', 'bodies of 64 KiB, the access key last, 16 at a time', 16, { workload: '64k', compiledOnly: true }),
  closed('64k-c64', 'bodies of 64 KiB, the access key last, 64 at a time', 64, { workload: '64k', compiledOnly: true }),
  closed('big-c16', '1,000,000 keys and 20,000 models, 16 calls at a time', 16, {
    set: 'big',
    compiledOnly: true,
    against: 'c16',
  }),
  closed('big-c64', '1,000,000 keys and 20,000 models, 64 calls at a time', 64, {
    set: 'big',
    compiledOnly: true,
    against: 'c64',
  }),
  changing(
    'changes-c64',
    'as c64, while 500 keys a second are made and deleted, each by a request of its own',
    'single',
  ),
  changing('bulk-c64', 'as c64, while 500 keys a second are changed, 250 by each document', 'bulk'),
  closed('envoy-16', 'calls of 16 clients through a real Envoy that asks the server', 1, {
    connections: 16,
    behindEnvoy: true,
  }),
];

/** What `--quick` measures: enough to see whether a change helps. */
export const quickPlans = ['c1', 'c16', 'c64'];

type Others = Partial<Omit<Plan, 'name' | 'title' | 'streams' | 'rate'>>;

function closed(name: string, title: string, streams: number, others: Others = {}): Plan {
  const usual = { set: 'small', workload: 'small', connections: 1, compiledOnly: false } as const;
  return { name, title, ...usual, rate: 0, ...others, streams };
}

/** Rivals that manage a thousand calls a second would only show their queue here. */
function open(name: string, title: string, rate: number): Plan {
  return { ...closed(name, title, 0, { compiledOnly: true }), rate };
}

function changing(name: string, title: string, form: Changes['form']): Plan {
  return closed(name, title, 64, { changes: { form, perSecond: 500 }, against: 'c64' });
}
