import type { AuditEvent, AuditEventList } from '../../../admin/schemas/audit-events.ts';
import { detailWords } from '../../../words/value-words.ts';
import { List } from '../../parts/list/list.tsx';
import type { Filter } from '../../parts/list/list-filters.tsx';
import { Time } from '../../parts/time.tsx';
import { ExportAudit } from './export-audit.tsx';

const dayMs = 86_400_000;
const endOfDay = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString();

/** What narrows the audit; days are in UTC and count whole. */
export const auditFilters: readonly Filter[] = [
  { name: 'actor', label: 'Who' },
  { name: 'action', label: 'Action' },
  { name: 'target', label: 'Target' },
  { name: 'project_id', label: 'Project' },
  { name: 'since', label: 'From', type: 'date', toQuery: day => `${day}T00:00:00Z` },
  { name: 'until', label: 'To', type: 'date', toQuery: endOfDay },
  { name: 'revision', label: 'Revision', type: 'number' },
];

/** Every change: who, what, when and from where. */
export function AuditPage() {
  return (
    <>
      <div class="head">
        <h1>Audit</h1>
        <ExportAudit filters={auditFilters} />
      </div>
      <List<AuditEvent>
        title="Audit"
        noun={['entry', 'entries']}
        path="/audit_events"
        entriesOf={(body: AuditEventList) => body.audit_events}
        idOf={({ id }) => String(id)}
        search="Find any text"
        filters={auditFilters}
        columns={[
          { title: 'When', cell: ({ at }) => <Time at={at} /> },
          { title: 'Revision', isNumber: true, cell: ({ revision }) => revision },
          { title: 'Who', cell: ({ actor }) => actor },
          { title: 'Action', cell: ({ action }) => <code>{action}</code> },
          { title: 'Target', cell: ({ target }) => target },
          { title: 'Project', cell: ({ project_id }) => project_id },
          { title: 'Details', cell: ({ details }) => detailWords(details) },
          { title: 'From', cell: ({ address }) => <span class="number">{address}</span> },
        ]}
        empty={<p>Every change of the site is written down here. There was none yet.</p>}
      />
    </>
  );
}
