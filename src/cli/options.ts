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

/** An option that sets something on or off; left out, it leaves the thing as it is. */
export function onOff(describe: string) {
  return { choices: ['true', 'false'] as const, requiresArg: true, describe } as const;
}

export function toBoolean(value: 'true' | 'false' | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 'true';
}

/** For `check`: an update that names no change is a slip of the pen. */
export function requireOneOf(...names: readonly string[]): (args: Readonly<Record<string, unknown>>) => true {
  return args => {
    if (names.every(name => args[name] === undefined)) {
      throw new UsageError(`say what to change: ${names.map(name => `--${name}`).join(', ')}`);
    }
    return true;
  };
}
