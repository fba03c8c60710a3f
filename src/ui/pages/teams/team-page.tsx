import type { TeamMember, TeamWithMembers } from '../../../admin/schemas/teams.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import type { Params } from '../../pages.ts';
import { List } from '../../parts/list/list.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { useVersion } from '../../parts/use-version.ts';
import { go, link } from '../../route.ts';
import { TeamMemberDialog } from './team-member-dialog.tsx';

/** One team and who is in it. */
export function TeamPage({ params }: { params: Params }) {
  const team = params['team'] ?? '';
  const { api } = useSignedIn();
  const { confirm, tell } = useSurface();
  const doing = useDoing();
  const [version, changed] = useVersion();
  const path = apiPath`/teams/${team}`;
  const remove = ({ username }: TeamMember) =>
    confirm({
      title: `Remove ${username} from team ${team}?`,
      says: <p>The API keys of {username} stop calling what only this team lets them call.</p>,
      verb: `Remove ${username}`,
      act: async () => {
        const { revision } = await api.send('DELETE', `${path}/members${apiPath`/${username}`}`);
        tell(`${username} is no member of ${team} any more.`, revision);
        changed();
      },
    });
  const removeTeam = () =>
    confirm({
      title: `Delete team ${team}?`,
      says: (
        <p>
          The API keys of its members stop calling what only this team lets them call. A team that owns a project is not
          deleted.
        </p>
      ),
      verb: 'Delete team',
      name: team,
      act: async () => {
        const { revision } = await api.send('DELETE', path);
        tell(`Team ${team} is deleted.`, revision);
        go(link`/teams`, 'replace');
      },
    });
  return (
    <>
      <div class="head">
        <h1>Team {team}</h1>
        <div class="actions">
          <button type="button" class="main" onClick={() => doing.begin('put-member')}>
            Add member
          </button>
          <button type="button" class="danger" onClick={removeTeam}>
            Delete team
          </button>
        </div>
      </div>
      <List<TeamMember>
        title="Members"
        path={path}
        version={version}
        entriesOf={(body: TeamWithMembers) => body.members}
        idOf={({ username }) => username}
        search="Find a member"
        columns={[
          { title: 'Member', sort: 'username', cell: ({ username }) => username },
          { title: 'Holds in the team', cell: ({ permission }) => permission },
          {
            title: '',
            cell: member => (
              <span class="row-actions">
                <button
                  type="button"
                  aria-label={`Change ${member.username}`}
                  onClick={() => doing.begin('put-member', member.username, member.permission)}
                >
                  Change
                </button>
                <button
                  type="button"
                  class="danger"
                  aria-label={`Remove ${member.username}`}
                  onClick={() => remove(member)}
                >
                  Remove
                </button>
              </span>
            ),
          },
        ]}
        empty={<p>Nobody is in this team yet.</p>}
      />
      {doing.act === 'put-member' && (
        <TeamMemberDialog team={team} name={doing.on} held={doing.was} changed={changed} leave={doing.end} />
      )}
    </>
  );
}
