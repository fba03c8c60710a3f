import type { Application, ApplicationList } from '../../../admin/schemas/applications.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkPrincipalName } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { List } from '../../parts/list/list.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { Time } from '../../parts/time.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { go, link } from '../../route.ts';

/** The applications of the caller; a site admin sees all. */
export function ApplicationsPage() {
  const { api } = useSignedIn();
  const { tell } = useSurface();
  const doing = useDoing();
  return (
    <>
      <div class="head">
        <h1>Applications</h1>
        <div class="actions">
          <button type="button" class="main" onClick={() => doing.begin('create-application')}>
            Create application
          </button>
        </div>
      </div>
      <List<Application>
        title="Applications"
        path="/applications"
        entriesOf={(body: ApplicationList) => body.applications}
        idOf={({ name }) => name}
        search="Find by name or owner"
        columns={[
          { title: 'Application', sort: 'name', cell: ({ name }) => <a href={link`/applications/${name}`}>{name}</a> },
          {
            title: 'Owner',
            sort: 'owner',
            cell: ({ owner, owner_deactivated }) => (
              <>
                {owner}
                {owner_deactivated && <span class="warning"> (deactivated)</span>}
              </>
            ),
          },
          { title: 'API keys', isNumber: true, cell: ({ api_key_count }) => api_key_count },
          {
            title: 'Last use',
            sort: 'last_used_at',
            cell: ({ last_used_at }) => (last_used_at ? <Time at={last_used_at} /> : <span class="soft">never</span>),
          },
          {
            title: 'Standing',
            cell: ({ deactivated }) => (deactivated ? <span class="fault">deactivated</span> : 'active'),
          },
        ]}
        empty={
          <p>
            An application holds API keys and signs in nowhere: it calls models whatever becomes of its owner. You have
            none yet.
          </p>
        }
      />
      {doing.act === 'create-application' && (
        <FormDialog
          title="Create an application"
          fields={[{ name: 'name', label: 'Name', kind: 'text', isRequired: true, check: checkPrincipalName }]}
          submit="Create application"
          send={async values => {
            const name = values['name'] ?? '';
            const { revision } = await api.send('POST', '/applications', { name });
            tell(`Application ${name} is made.`, revision);
            go(link`/applications/${name}`, 'replace');
          }}
          leave={doing.end}
        />
      )}
    </>
  );
}
