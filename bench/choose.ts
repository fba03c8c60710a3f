import type { Options } from './options.ts';
import type { Plan } from './plan.ts';
import { plans, quickPlans } from './plans.ts';
import { warn } from './report/say.ts';
import type { BenchServer } from './servers/bench-server.ts';

/** The plans that were asked for, in the order of the list. Throws for a name that is none. */
export function chosenPlans(options: Options): readonly Plan[] {
  const names = options.plans ?? (options.quick ? quickPlans : plans.map(({ name }) => name));
  requireKnown('plan', names, plans);
  return plans.filter(({ name }) => names.includes(name));
}

/** The servers that were asked for, or the usual ones as far as they are there; what is left out is said. */
export function chosenServers(all: readonly BenchServer[], options: Options): readonly BenchServer[] {
  if (options.servers) {
    requireKnown('server', options.servers, all);
  }
  const wanted = all.filter(({ name, usual }) => options.servers?.includes(name) ?? (usual && isQuick(name, options)));
  return wanted.filter(server => {
    const why = server.missing();
    if (why !== undefined) {
      warn(`${server.name} is left out: ${why}`);
    }
    return why === undefined;
  });
}

/** A quick look compares with the baseline alone. */
function isQuick(name: string, { quick, baseline }: Options): boolean {
  return !quick || name === baseline || name.startsWith('modelgate');
}

function requireKnown(what: string, names: readonly string[], known: readonly { readonly name: string }[]): void {
  const unknown = names.find(name => !known.some(each => each.name === name));
  if (unknown !== undefined) {
    throw new Error(`there is no ${what} ${unknown}; there are ${known.map(({ name }) => name).join(', ')}`);
  }
}
