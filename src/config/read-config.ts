import { crossCheck } from './cross-check.ts';
import { nearSettings } from './near-settings.ts';
import { environmentName, type Setting, settings, shownName } from './serve-settings.ts';

type Settings = typeof settings;
/** All settings of `serve`, typed and frozen; nothing reads a flag or the environment after this. */
export type Config = { readonly [K in keyof Settings]: Settings[K] extends Setting<infer T> ? T : never } & {
  /** Variables of our prefix that set nothing, by their names: whoever set them may take them for settings. */
  readonly unknownVariables: readonly string[];
};

/** Every fault of the settings at once, each with the names to change. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads the settings from flags, then the environment, then their defaults. Throws a ConfigError that
 * lists every fault: values that are not allowed, and `MODELGATE_…` variables that nearly name a setting. Other
 * variables of that prefix are somebody else's, as of a Service in Kubernetes, and are only listed.
 */
export function readConfig(
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const unknownVariables = strangeVariables(environment);
  const faults = unknownVariables.flatMap(name => misspelt(name, environment[name]));
  const config: Record<string, unknown> = { unknownVariables };
  for (const [name, setting] of Object.entries(settings) as [string, Setting<unknown>][]) {
    const variable = environmentName(setting.flag);
    const given = flags[setting.flag];
    const text = given !== undefined ? String(given) : (environment[variable] ?? setting.fallback);
    try {
      config[name] = setting.parse(text);
    } catch (fault) {
      faults.push(`${shownName(setting.flag)}: ${JSON.stringify(text)} ${(fault as Error).message}`);
    }
  }
  faults.push(...crossCheck(config));
  if (faults.length > 0) {
    throw new ConfigError(faults);
  }
  return Object.freeze(config) as unknown as Config;
}

/** Variables of the same prefix that are not the server's: the command line's, the tests', and what Kubernetes sets for a Service named modelgate. */
const otherVariables = /^MODELGATE_(SERVER|KEY_FILE|CA_FILE|ENVOY|TEST_.*|(SERVICE|PORT)(_.*)?)$/;
/** What Kubernetes sets for every Service of the namespace, here one named modelgate-…; no setting ends so. */
const serviceLink = /_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;
/** The same Service's address, told by its value: MODELGATE_CHECK_PORT=9191 is no link. */
const isServiceAddress = (name: string, value = '') => name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value);
const knownVariables = Object.values(settings).map(({ flag }) => environmentName(flag));

function strangeVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(environment)
    .filter(name => name.startsWith('MODELGATE_') && !knownVariables.includes(name) && !otherVariables.test(name))
    .sort();
}

/** A setting that is not set because of its spelling may be the one that closes a door. */
function misspelt(name: string, value: string | undefined): string[] {
  const meant = serviceLink.test(name) || isServiceAddress(name, value) ? [] : nearSettings(name, knownVariables);
  return meant.length === 0 ? [] : [`${name}: there is no such setting; ${meant.join(' or ')} is`];
}
