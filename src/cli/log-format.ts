import { environmentName, type LogFormat, logFormats, settings } from '../config/serve-settings.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The form of everything that a process writes on standard error. Found before any setting is judged, so that a start that is refused for
 * one is told in it too. Commands that start no server speak to people: text.
 */
export function logFormat({ argv, env, stderr }: Pick<Surroundings, 'argv' | 'env' | 'stderr'>): LogFormat {
  if (argv.find(word => !word.startsWith('-')) !== 'serve') {
    return 'text';
  }
  const { flag } = settings.logFormat;
  const asked = flagValue(argv, `--${flag}`) ?? env[environmentName(flag)];
  return logFormats.find(format => format === asked) ?? (stderr.isTTY ? 'text' : 'json');
}

function flagValue(argv: readonly string[], flag: string): string | undefined {
  const at = argv.findIndex(word => word === flag || word.startsWith(`${flag}=`));
  const word = argv[at];
  return word === flag ? argv[at + 1] : word?.slice(flag.length + 1);
}
