import type { Team, TeamList } from '../../../admin/schemas/teams.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkIdentifier } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { List } from '../../parts/list/list.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { Time } from '../../parts/time.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { go, link } from '../../route.ts';

/** The teams that the caller is a member of; a site admin sees all. */
export function TeamsPage() {
  const { api } = useSignedIn();
  const { tell } = useSurface();
  const doing = useDoing();
  return (
    <>
      <div class="head">
        <h1>Teams</h1>
        <div class="actions">
          <button type="button" class="main" onClick={() => doing.begin('create-team')}>
            Create team
          </button>
        </div>
      </div>
      <List<Team>
        title="Teams"
        path="/teams"
        entriesOf={(body: TeamList) => body.teams}
        idOf={({ team }) => team}
        search="Find by name"
        columns={[
          { title: 'Team', sort: 'team', cell: ({ team }) => <a href={link`/teams/${team}`}>{team}</a> },
          { title: 'Created', sort: 'created_at', cell: ({ created_at }) => <Time at={created_at} /> },
        ]}
        empty={
          <p>
            A team is a named set of users. It may own projects, or be added to one as a whole. You are in none yet.
          </p>
        }
      />
      {doing.act === 'create-team' && (
        <FormDialog
          title="Create a team"
          fields={[{ name: 'team', label: 'Name', kind: 'text', isRequired: true, check: checkIdentifier }]}
          submit="Create team"
          send={async values => {
            const team = values['team'] ?? '';
            const { revision } = await api.send('POST', '/teams', { team });
            tell(`Team ${team} is made.`, revision);
            go(link`/teams/${team}`, 'replace');
          }}
          leave={doing.end}
        />
      )}
    </>
  );
}
