import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { ApiClient } from './api/api-client.ts';
import { type ConnectionArguments, connect, withConnection } from './api/connection.ts';
import type { Terminal } from './output/terminal.ts';
import type { Surroundings } from './surroundings.ts';

/** Adds a command, or a group of them, to the command line. */
export type AddCommand = (cli: Argv, at: Surroundings, terminal: Terminal) => Argv;

/** One command of the API: what it is called, what it takes and what it does. */
export interface ApiCommand<T> {
  /** With its positional arguments, as yargs writes them. */
  readonly command: string;
  readonly description: string;
  /** A whole command line after `modelgate`. */
  readonly example: string;
  /** What is wrong with the arguments is found here, before any setting or server is asked. */
  readonly options: (cli: Argv) => Argv<T>;
  readonly run: (args: ArgumentsCamelCase<T>, api: ApiClient) => Promise<void>;
}

export function addApiCommand<T>(cli: Argv, at: Surroundings, terminal: Terminal, added: ApiCommand<T>): Argv {
  const { command, description, example, options, run } = added;
  return cli.command(
    command,
    description,
    built => withConnection(options(built.example(`$0 ${example}`, ''))),
    async args => {
      const api = await connect(args as ConnectionArguments, at, terminal);
      await run(args as ArgumentsCamelCase<T>, api);
    },
  );
}

export interface CommandGroup {
  readonly command: string;
  readonly description: string;
  readonly example: string;
  readonly members: readonly AddCommand[];
}

/** A command that only holds others. */
export function addGroup(cli: Argv, at: Surroundings, terminal: Terminal, group: CommandGroup): Argv {
  return cli.command(group.command, group.description, built =>
    group.members
      .reduce((grown, add) => add(grown, at, terminal), built.example(`$0 ${group.example}`, ''))
      .demandCommand(1, `say what to do with ${group.command}`),
  );
}
