import { type AuditEvent, archiveAction } from '../../admin/schemas/audit-events.ts';
import { detailWords } from '../../words/value-words.ts';
import type { ApiClient } from '../api/api-client.ts';
import { type AddCommand, addApiCommand, addGroup } from '../api-command.ts';
import { instantOf, noneOf, text, wholeNumber, withFormat } from '../options.ts';
import { asTime, showList } from '../output/show.ts';
import type { Column } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';

/** Events that are shown unless told otherwise: the audit of a site may hold millions. */
const eventsShown = 100;

const columns: Column<AuditEvent>[] = [
  { title: 'TIME', of: ({ at }) => asTime(at), whole: true },
  { title: 'REVISION', of: ({ revision }) => String(revision), whole: true },
  { title: 'ACTOR', of: ({ actor }) => actor, whole: true },
  { title: 'FROM', of: ({ address }) => address || '-', whole: true },
  { title: 'ACTION', of: ({ action }) => action, whole: true },
  { title: 'TARGET', of: ({ target }) => target, whole: true },
  { title: 'DETAILS', of: ({ details }) => detailWords(details) || '-' },
];

const list: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'list',
    description: 'List who changed what, when and from where, the newest first.',
    example: 'audit list --actor alice --since 2027-01-31 --limit 1000',
    options: options =>
      withFormat(options)
        .option('search', text('only changes with this text in actor, address, action, target or project'))
        .option('actor', text('only what this user did, or the holder of a key: api_key:KEY_ID'))
        .option('action', text('only changes of this kind, such as api_key.delete'))
        .option('target', text('only changes of this thing, by its name or id'))
        .option('project', text('only changes in this project; without it, for site admins only'))
        .option('revision', wholeNumber('revision', 'only what this revision changed'))
        .option('since', text('only changes at this date or instant, or later'))
        .option('until', text('only changes before this date or instant'))
        .option('limit', { ...wholeNumber('limit', 'the most that are shown'), default: eventsShown }),
    run: async ({ output, search, actor, action, target, project, revision, since, until, limit }, api) => {
      const query = {
        search_filter: search,
        actor,
        action,
        target,
        project_id: project,
        revision: revision?.toString(),
        since: instantOf(since),
        until: instantOf(until),
      };
      const rows = await api.list<AuditEvent>('/audit_events', 'audit_events', query, limit);
      await showList(terminal, output, { rows, columns, none: `${noneOf(query)} changes` });
      // Only a site admin may look beyond a project.
      if (rows.length < limit && project === undefined) {
        await noteArchive(terminal, api, query.since);
      }
    },
  });

/** Whoever has come to the end of the list, and finds no older entry, must not take it for the beginning. */
async function noteArchive(terminal: Terminal, api: ApiClient, since: string | undefined): Promise<void> {
  const [moved] = await api.list<AuditEvent>('/audit_events', 'audit_events', { action: archiveAction }, 1);
  const until = String(moved?.details['until']);
  if (moved && !(since !== undefined && Date.parse(since) > Date.parse(until))) {
    terminal.note(
      `entries up to ${asTime(until)} (revision ${moved.details['up_to_revision']}) are in the server's data directory, the last of them in ${moved.details['file']}`,
    );
  }
}

export const auditCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'audit',
    description: 'Look up who changed what.',
    example: 'audit list',
    members: [list],
  });
