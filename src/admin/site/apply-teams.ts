import { pairId } from '../../changes/change-set.ts';
import type { TeamMemberRecord } from '../../store/records.ts';
import type { Apply } from './step.ts';

export async function applyTeams({ writes, document, known, now, done }: Apply): Promise<void> {
  const teams = document.teams ?? [];
  for (const { team } of teams) {
    if (!known.teams.has(team)) {
      await writes.insertTeam({ team, created_at: now });
      done('create', 'team', team);
    }
  }
  const wanted: TeamMemberRecord[] = teams.flatMap(({ team, members = [] }) =>
    members.map(({ username, permission }) => ({ team, username, permission })),
  );
  const idOf = ({ team, username }: TeamMemberRecord) => pairId(team, username);
  const changed = wanted.filter(each => known.members.get(idOf(each))?.permission !== each.permission);
  await writes.putTeamMembers(changed);
  for (const member of changed) {
    done(known.members.has(idOf(member)) ? 'update' : 'create', 'team_member', idOf(member));
  }
}
