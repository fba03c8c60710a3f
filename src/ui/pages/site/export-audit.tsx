import { useState } from 'preact/hooks';
import type { AuditEvent, AuditEventList } from '../../../admin/schemas/audit-events.ts';
import type { Api, Query } from '../../api/api.ts';
import { useApi } from '../../api/session.tsx';
import { toApiError } from '../../api/use-loaded.ts';
import { toCsv } from '../../parts/csv.ts';
import { counted } from '../../parts/in-words.ts';
import { filterQuery } from '../../parts/list/filter-query.ts';
import type { Filter } from '../../parts/list/list-filters.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useQuery } from '../../route.ts';

/** Most entries of one file: more than that is a task for the API, not for a page. */
const exportedMax = 100_000;

/** Saves what the filters let through as CSV. */
export function ExportAudit({ filters }: { filters: readonly Filter[] }) {
  const api = useApi();
  const [chosen] = useQuery();
  const [said, setSaid] = useState('');
  const save = async () => {
    try {
      const asked = { ...filterQuery(filters, name => chosen[name]), search_filter: chosen['search'] };
      const events = await readAll(api, asked, count => setSaid(`${counted(count, 'entry', 'entries')} read …`));
      saveFile('audit.csv', 'text/csv', toCsv([heading, ...events.map(toRow)]));
      const isCut = events.length >= exportedMax;
      setSaid(
        `${counted(events.length, 'entry', 'entries')} saved${isCut ? ': there are more, narrow the filters' : ''}.`,
      );
    } catch (fault) {
      setSaid(toApiError(fault).message);
    }
  };
  return (
    <div class="actions">
      <span role="status" class="soft">
        {said}
      </span>
      <button type="button" onClick={save}>
        Export as CSV
      </button>
    </div>
  );
}

const heading = ['at', 'revision', 'actor', 'action', 'target', 'project_id', 'details', 'address'];

function toRow({ at, revision, actor, action, target, project_id, details, address }: AuditEvent) {
  return [at, revision, actor, action, target, project_id, JSON.stringify(details), address];
}

async function readAll(api: Api, asked: Query, progress: (count: number) => void): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  let page_token = '';
  do {
    const page = await api.get<AuditEventList>('/audit_events', { ...asked, page_size: 1000, page_token });
    events.push(...page.audit_events);
    page_token = page.next_page_token;
    progress(events.length);
  } while (page_token !== '' && events.length < exportedMax);
  return events;
}
