import type { ApiKey } from '../../../admin/schemas/api-keys.ts';
import { type AddCommand, addApiCommand } from '../../api-command.ts';
import { instantOf, listQuery, noneOf, text, withFormat, withListOptions, yesOrNo } from '../../options.ts';
import { asTime, showList } from '../../output/show.ts';
import type { Column } from '../../output/table.ts';
import { keyOwnerOf, withKeyOwner } from './key-owner.ts';

const columns: Column<ApiKey>[] = [
  { title: 'KEY ID', of: ({ key_id }) => key_id, whole: true },
  { title: 'STATE', of: stateOf, whole: true },
  { title: 'EXPIRES', of: ({ expiry_date }) => (expiry_date === null ? 'never' : asTime(expiry_date)), whole: true },
  { title: 'LAST USED', of: ({ last_used_at }) => asTime(last_used_at), whole: true },
  { title: 'FOR MODEL', of: ({ last_used_model }) => last_used_model ?? '-' },
  { title: 'COMMENT', of: ({ comments }) => comments },
  { title: 'ONLY MODELS', of: ({ models }) => models?.join(', ') ?? '-' },
  { title: 'AUDIENCES', of: ({ audiences }) => audiences.join(', ') },
  { title: 'MADE BY', of: ({ created_by }) => created_by ?? '-' },
  { title: 'REPLACES', of: ({ replaces }) => replaces ?? '-', whole: true },
  { title: 'REPLACED BY', of: ({ replaced_by }) => replaced_by ?? '-', whole: true },
];

export const listKeys: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'list',
    description: 'List the API keys of a user or application, expired ones too; never a secret.',
    example: 'keys list --user alice --expires-before 2027-01-31 --sort expiry_date',
    options: options =>
      withFormat(withListOptions(withKeyOwner(options), ['key_id', 'created_at', 'expiry_date', 'last_used_at']))
        .option('expired', { type: 'boolean', describe: 'only expired keys; =false: only others' })
        .option('expires-before', text('only keys that expire before this date or instant'))
        .option('last-used-before', text('only keys that were not used since this date or instant')),
    run: async ({ output, expired, expiresBefore, lastUsedBefore, ...args }, api) => {
      const { name, keysPath } = keyOwnerOf(args);
      const query = {
        ...listQuery(args),
        expired: yesOrNo(expired),
        expires_before: instantOf(expiresBefore),
        last_used_before: instantOf(lastUsedBefore),
      };
      const rows = await api.list<ApiKey>(keysPath, 'api_keys', query);
      await showList(terminal, output, { rows, columns, none: `${name} has ${noneOf(query)} API keys` });
    },
  });

/** The same of every key: whether it works, how soon it ends, and whether it outlives what a new one may (B31, B47). */
function stateOf({ expired, ended_at, expires_within_days, exceeds_default_expiration }: ApiKey): string {
  if (ended_at !== null) {
    return 'ended';
  }
  if (expired) {
    return 'expired';
  }
  if (expires_within_days !== null) {
    return `active, ends in ${expires_within_days} days or less`;
  }
  return exceeds_default_expiration ? 'active, beyond limit' : 'active';
}
