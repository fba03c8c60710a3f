import { nearSettings } from '../config/near-settings.ts';

/** What yargs says of words that a command does not take: their names, each option also as a name in camel case. */
const unknownForm = /^Unknown arguments?: (.+)$/;

/**
 * The words of a command line that nothing takes, for people: an option as it was written, with the one that was meant where that is
 * plain; undefined where the message is another one. `help` is that of the command.
 */
export function unknownWords(message: string, argv: readonly string[], help: string): string | undefined {
  const [, listed] = unknownForm.exec(message) ?? [];
  const named = listed?.split(', ') ?? [];
  const written = named.filter(name => !named.some(other => other !== name && inCamelCase(other) === name));
  const options = written.flatMap(name => asOption(name, argv) ?? []);
  if (options.length > 0) {
    return options.map(option => unknownOption(option, help)).join('; ');
  }
  if (listed === undefined) {
    return undefined;
  }
  return help.includes('\nCommands:\n') ? `there is no such command: ${listed}` : `too many arguments: ${listed}`;
}

/** With its dashes, as it stands on the command line. */
function asOption(name: string, argv: readonly string[]): string | undefined {
  const word = argv.find(each => each.startsWith('-') && bareName(each) === name);
  return word?.replace(/=.*/s, '');
}

function bareName(word: string): string {
  return word.replace(/^--?/, '').replace(/=.*/s, '');
}

function unknownOption(option: string, help: string): string {
  const asSetting = (name: string) => name.replace(/^--/, '').replaceAll('-', '_').toUpperCase();
  const known = [...help.matchAll(/ (--[a-z][a-z-]+)/g)].map(([, name = '']) => name);
  const near = nearSettings(asSetting(option), known.map(asSetting));
  const meant = known.filter(name => near.includes(asSetting(name)));
  return `there is no option ${option}${meant.length === 0 ? '' : `; did you mean ${[...new Set(meant)].join(' or ')}?`}`;
}

function inCamelCase(name: string): string {
  return name.replaceAll(/-+(\w)/g, (_dash, letter: string) => letter.toUpperCase());
}
