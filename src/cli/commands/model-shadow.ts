import type { ShadowDenial, ShadowDenialList } from '../../admin/schemas/models.ts';
import { apiPath } from '../api/api-path.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { withFormat } from '../options.ts';
import { asTime, printTable, showThing } from '../output/show.ts';
import type { Column } from '../output/table.ts';
import { withModel } from './with-model.ts';

const columns: Column<ShadowDenial>[] = [
  { title: 'CALLER', of: ({ principal, address }) => principal ?? address ?? 'others' },
  { title: 'KEY ID', of: ({ key_id }) => key_id ?? '-', whole: true },
  { title: 'REASON', of: ({ reason }) => reason, whole: true },
  { title: 'CALLS', of: ({ count }) => String(count), whole: true },
  { title: 'LAST', of: ({ last_at }) => asTime(last_at), whole: true },
];

/** Whom authentication would refuse, and what is known at all: whether calls are counted, since when, and how many came. */
export const shadow: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'shadow <project> <model>',
    description: 'List whom authentication would refuse, since `--auth-shadow true` was set.',
    example: 'models shadow fraud fraud-v2',
    options: options => withFormat(withModel(options)),
    run: async ({ project, model, output }, api) => {
      const path = apiPath`/projects/${project}/models/${model}/shadow_denials`;
      const { next_page_token: _, ...counted } = await api.get<ShadowDenialList>(path, { page_size: '1' });
      const shadow_denials = await api.list<ShadowDenial>(path, 'shadow_denials');
      if (output === 'json') {
        await showThing(terminal, output, { ...counted, shadow_denials });
        return;
      }
      for (const line of inWords(counted)) {
        terminal.note(line);
      }
      if (shadow_denials.length > 0) {
        await printTable(terminal, columns, shadow_denials);
      }
    },
  });

type Counted = Pick<ShadowDenialList, 'counting' | 'auth_enabled' | 'since' | 'calls' | 'refused_calls'>;

function inWords({ counting, auth_enabled, since, calls, refused_calls }: Counted): string[] {
  const off = auth_enabled
    ? 'not counting: authentication is on, and refuses'
    : 'not counting: shadow is off, so nobody knows whom authentication would refuse; switch it on by `models update PROJECT MODEL --auth-shadow true`';
  const counted =
    since === null ? [] : [`counted since ${asTime(since)}: ${calls} calls, ${refused_calls} would be refused`];
  return [...(counting ? [] : [off]), ...counted];
}
