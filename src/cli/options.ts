import type { Argv } from 'yargs';
import { UsageError } from './cli-error.ts';
import { formats } from './output/show.ts';

/** Options that several commands share. */

export function withFormat<T>(cli: Argv<T>) {
  return cli.option('output', {
    alias: 'o',
    choices: formats,
    default: 'table' as const,
    requiresArg: true,
    describe: 'how to show it',
  });
}

/** An option with one text as its value. */
export function text(describe: string) {
  return { type: 'string', requiresArg: true, describe } as const;
}

/** An option with a whole number, zero or more, as its value. */
export function wholeNumber(name: string, describe: string) {
  const coerce = (given: unknown): number => {
    if (!/^\d{1,15}$/.test(String(given))) {
      throw new UsageError(`--${name}: ${JSON.stringify(given)} is no whole number`);
    }
    return Number(given);
  };
  return { type: 'string', requiresArg: true, describe, coerce } as const;
}

/** What every list takes: a text to look for, and the order, by one of the fields. */
export function withListOptions<T, const F extends string>(
  cli: Argv<T>,
  fields: readonly F[],
  searched = 'only entries with this text in their name or id',
) {
  return cli
    .option('search', text(searched))
    .option('sort', { choices: fields, requiresArg: true, describe: 'the order' })
    .option('descending', { type: 'boolean', describe: 'the other direction' })
    .check(({ sort, descending }) => {
      if (descending && sort === undefined) {
        throw new UsageError('--descending goes with --sort');
      }
      return true;
    });
}

/** The same in the API's words. */
export function listQuery({
  search,
  sort,
  descending,
}: {
  readonly search?: string | undefined;
  readonly sort?: string | undefined;
  readonly descending?: boolean | undefined;
}) {
  return { search_filter: search, sort: sort && `${descending ? '-' : ''}${sort}` };
}

/** How nothing is told of: of a list that was narrowed, only what was looked for is missing. */
export function noneOf(query: Readonly<Record<string, string | undefined>>): string {
  return Object.values(query).some(value => value !== undefined) ? 'no such' : 'no';
}

/** A date (for its beginning, in UTC) or instant, as the API takes it. */
export function instantOf(given: string | undefined): string | undefined {
  return given !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(given) ? `${given}T00:00:00Z` : given;
}

/** Filters of lists of what holds API keys, by whether the keys are expired or in use. */
export function withUseFilters<T>(cli: Argv<T>, expired: string, lastUsedBefore: string) {
  return cli.option('expired', { type: 'boolean', describe: expired }).option('last-used-before', text(lastUsedBefore));
}

/** The same in the API's words. */
export function useQuery({
  expired,
  lastUsedBefore,
}: {
  readonly expired?: boolean | undefined;
  readonly lastUsedBefore?: string | undefined;
}) {
  return { expired: yesOrNo(expired), last_used_before: instantOf(lastUsedBefore) };
}

/** A filter that is yes, no or not asked for, as a query holds it. */
export function yesOrNo(given: boolean | undefined): string | undefined {
  return given === undefined ? undefined : String(given);
}

/** An option that sets something on or off; left out, it leaves the thing as it is. */
export function onOff(describe: string) {
  return { choices: ['true', 'false'] as const, requiresArg: true, describe } as const;
}

export function toBoolean(value: 'true' | 'false' | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 'true';
}

/** What may be held on a project or in a team, weakest first. */
export const permissions = ['business_user', 'read', 'operator', 'write', 'admin'] as const;

/** For `check`: an update that names no change is a slip of the pen. */
export function requireOneOf(...names: readonly string[]): (args: Readonly<Record<string, unknown>>) => true {
  return args => {
    if (names.every(name => args[name] === undefined)) {
      throw new UsageError(`say what to change: ${names.map(name => `--${name}`).join(', ')}`);
    }
    return true;
  };
}
