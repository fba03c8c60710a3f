import { pairId } from '../../changes/change-set.ts';
import type { TeamMemberRecord } from '../../store/records.ts';
import { type Apply, writeAll } from './step.ts';

export async function applyTeams(apply: Apply): Promise<void> {
  const { writes, document, known, now, pace, done } = apply;
  const teams = document.teams ?? [];
  for (const { team } of teams) {
    if (!known.teams.has(team)) {
      await writes.insertTeam({ team, created_at: now });
      done('create', 'team', team);
    }
  }
  const idOf = ({ team, username }: TeamMemberRecord) => pairId(team, username);
  const changed: TeamMemberRecord[] = [];
  for (const { team, members = [] } of teams) {
    for await (const { username, permission } of pace.over(members)) {
      const wanted = { team, username, permission };
      if (known.members.get(idOf(wanted))?.permission !== permission) {
        changed.push(wanted);
      }
    }
  }
  await writeAll(apply, 'team_member', changed, {
    write: piece => writes.putTeamMembers(piece),
    idOf,
    before: id => known.members.get(id),
  });
}
