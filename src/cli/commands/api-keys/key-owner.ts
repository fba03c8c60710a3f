import type { Argv } from 'yargs';
import { shellWord } from '../../../words/shell-word.ts';
import { apiPath } from '../../api/api-path.ts';
import { UsageError } from '../../cli-error.ts';
import { text } from '../../options.ts';

/** Whose keys: one of the two is given. */
interface OwnerArguments {
  readonly user?: string | undefined;
  readonly application?: string | undefined;
}

export interface KeyOwner {
  readonly name: string;
  /** Where its keys are in the API. */
  readonly keysPath: string;
  /** What names it on a command line. */
  readonly flag: string;
}

export function withKeyOwner<T>(cli: Argv<T>) {
  return cli
    .option('user', text('whose keys'))
    .option('application', text('whose keys, where an application has them'))
    .check(args => requireOneOwner(args as OwnerArguments));
}

export function keyOwnerOf({ user, application }: OwnerArguments): KeyOwner {
  return application === undefined
    ? { name: user ?? '', keysPath: apiPath`/users/${user ?? ''}/v2_keys`, flag: `--user ${shellWord(user ?? '')}` }
    : {
        name: application,
        keysPath: apiPath`/applications/${application}/v2_keys`,
        flag: `--application ${shellWord(application)}`,
      };
}

function requireOneOwner({ user, application }: OwnerArguments): true {
  if (user === undefined && application === undefined) {
    throw new UsageError('say whose keys, by --user NAME or --application NAME');
  }
  if (user !== undefined && application !== undefined) {
    throw new UsageError('say --user NAME or --application NAME, not both');
  }
  return true;
}
