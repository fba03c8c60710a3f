import yargs, { type Argv } from 'yargs';
import { ConfigError } from '../config/read-config.ts';
import { readVersion } from '../version.ts';
import { Refusal, UsageError } from './cli-error.ts';
import { acceptClockCommand } from './commands/accept-clock.ts';
import { acceptLossCommand } from './commands/accept-loss.ts';
import { keysCommands } from './commands/api-keys/keys.ts';
import { applicationsCommands } from './commands/applications.ts';
import { applyCommand } from './commands/apply.ts';
import { auditCommands } from './commands/audit.ts';
import { backupCommand } from './commands/backup.ts';
import { bootstrapKeyCommand } from './commands/bootstrap-key.ts';
import { collaboratorsCommands } from './commands/collaborators.ts';
import { completionCommand } from './commands/completion.ts';
import { denialsCommand } from './commands/denials.ts';
import { envoyCommands } from './commands/envoy-check.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { fleetCommand } from './commands/fleet.ts';
import { initCommand } from './commands/init.ts';
import { modelsCommands } from './commands/models.ts';
import { projectsCommands } from './commands/projects.ts';
import { restoreCommand } from './commands/restore.ts';
import { serveCommand } from './commands/serve.ts';
import { settingsCommands } from './commands/settings.ts';
import { statusCommand } from './commands/status.ts';
import { teamsCommands } from './commands/teams.ts';
import { usersCommands } from './commands/users.ts';
import { waitCommand } from './commands/wait.ts';
import { logFormat } from './log-format.ts';
import { Terminal } from './output/terminal.ts';
import type { Surroundings } from './surroundings.ts';
import { unknownWords } from './unknown-words.ts';

/** In the order in which `--help` lists them. */
const commands = [
  initCommand,
  bootstrapKeyCommand,
  serveCommand,
  statusCommand,
  fleetCommand,
  waitCommand,
  applyCommand,
  exportCommand,
  backupCommand,
  restoreCommand,
  usersCommands,
  applicationsCommands,
  teamsCommands,
  projectsCommands,
  collaboratorsCommands,
  modelsCommands,
  keysCommands,
  settingsCommands,
  explainCommand,
  denialsCommand,
  auditCommands,
  envoyCommands,
  acceptClockCommand,
  acceptLossCommand,
  completionCommand,
];

/** yargs' own words where they leave a person guessing; its types know no plurals. */
const clearerStrings = {
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'an argument is missing: got %s, need %s',
    other: 'arguments are missing: got %s, need %s',
  },
  'Not enough arguments following: %s': 'the option %s needs a value',
  'Did you mean %s?': 'there is no such command; did you mean %s?',
} as unknown as Record<string, string>;

/** Options that may be given more than once. */
const repeatable = ['_', 'audience', 'model'];

/**
 * Runs one command line and answers its exit code: 0 done, 1 refused or unreachable, 2 usage. Where it
 * started a server, that goes on after the answer.
 */
export async function runCli(at: Surroundings): Promise<number> {
  const log = logFormat(at) === 'json' ? await at.openLog() : undefined;
  const terminal = new Terminal(at.stdout, at.stderr, log);
  try {
    const text = await obey(at, terminal);
    if (text !== '') {
      await terminal.print(text);
    }
    return 0;
  } catch (fault) {
    return report(fault, terminal);
  }
}

/** Answers the text of `--help` or `--version`, else nothing: commands print for themselves. */
async function obey(at: Surroundings, terminal: Terminal): Promise<string> {
  let text = '';
  // As people try it of other programs: `help users` is `users --help`.
  const [first, ...rest] = at.argv;
  const argv = first === 'help' ? [...rest, '--help'] : [...at.argv];
  const cli = commands.reduce((built, add) => add(built, at, terminal), bareCli(terminal, argv));
  await cli.parseAsync(argv, {}, (_fault, _args, shown) => {
    text += shown === '' ? '' : `${shown}\n`;
  });
  return text;
}

function bareCli(terminal: Terminal, argv: readonly string[]): Argv {
  return (
    yargs()
      .scriptName('modelgate')
      .usage('$0 <command>\n\nMay this caller call this model? The server, and its administration over the API.')
      .locale('en')
      .updateStrings(clearerStrings)
      // Names stay as they are written: 007 is no number, and --no-x no negation.
      .parserConfiguration({
        'parse-numbers': false,
        'parse-positional-numbers': false,
        'boolean-negation': false,
        'dot-notation': false,
        'greedy-arrays': false,
      })
      .strict()
      .recommendCommands()
      .demandCommand(1, 'name a command')
      .check(args => requireOnce(args), true)
      .version(readVersion())
      .help()
      .alias('h', 'help')
      .epilogue('Exit codes: 0 done, 1 refused or unreachable, 2 usage.')
      .wrap(terminal.width ?? 100)
      .exitProcess(false)
      .fail((message, fault, usage) => {
        // What yargs itself finds has no fault, or one of its own class.
        if (fault && fault.name !== 'YError') {
          throw fault;
        }
        const help = (usage as unknown as { help(): string }).help();
        throw new UsageError(unknownWords(message, argv, help) ?? message, help);
      })
  );
}

function requireOnce(args: Readonly<Record<string, unknown>>): true {
  const twice = Object.keys(args).find(name => Array.isArray(args[name]) && !repeatable.includes(name));
  if (twice !== undefined) {
    throw new UsageError(`${twice.length === 1 ? '-' : '--'}${twice} is given more than once`);
  }
  return true;
}

/** Tells what went wrong, never with a stack trace, and answers the exit code. */
function report(fault: unknown, terminal: Terminal): number {
  if (fault instanceof ConfigError) {
    terminal.fail(fault.faults);
    return 2;
  }
  const { message } = fault as Error;
  if (fault instanceof UsageError) {
    terminal.fail([`modelgate: ${message}`, ...hints(fault.help)]);
    return 2;
  }
  const details = fault instanceof Refusal ? fault.details : [];
  terminal.fail([`modelgate: ${message}`, ...details.map(line => `  ${line}`)]);
  return 1;
}

/** The list of commands where one was to be chosen, else the way to the command's own help. */
function hints(help: string | undefined): string[] {
  if (help === undefined) {
    return [];
  }
  const [usage = ''] = help.split('\n');
  return help.includes('\nCommands:\n') ? ['', help] : [`see ${usage.replace(/ [<[].*/, '')} --help`];
}
