import type { Argv } from 'yargs';

/** The arguments of a command about one model. */
export function withModel<T>(cli: Argv<T>) {
  return cli
    .positional('project', { type: 'string', demandOption: true, describe: "the project's id" })
    .positional('model', { type: 'string', demandOption: true, describe: "the model's id" });
}
