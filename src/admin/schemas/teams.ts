import { z } from 'zod';
import type { TeamRecord } from '../../store/records.ts';
import { identifier, instant, nextPageToken, permission, principalName, sortedPageQuery, toInstant } from './fields.ts';

export const team = z
  .object({ team: z.string().describe('Name of the team.'), created_at: instant })
  .meta({ id: 'Team' });
export type Team = z.infer<typeof team>;
export const teamList = z.object({ teams: z.array(team), next_page_token: nextPageToken }).meta({ id: 'TeamList' });
export type TeamList = z.infer<typeof teamList>;
export const teamQuery = sortedPageQuery('team', 'created_at').extend({
  member: principalName
    .optional()
    .describe('Only teams of this member; others than site admins may name themselves only.'),
});

export const teamMember = z
  .object({
    username: z.string(),
    permission: permission.describe('What the member holds in the team; `admin` manages it.'),
  })
  .meta({ id: 'TeamMember' });
export type TeamMember = z.infer<typeof teamMember>;
export const teamWithMembers = team
  .extend({ members: z.array(teamMember), next_page_token: nextPageToken })
  .meta({ id: 'TeamWithMembers', description: 'A team with a page of its members.' });
export type TeamWithMembers = z.infer<typeof teamWithMembers>;
export const teamMemberQuery = sortedPageQuery('username');

export const newTeam = z
  .strictObject({
    team: identifier,
    admin: principalName
      .optional()
      .describe(
        "Its first admin; absent: the caller, but of a site admin's team nobody. Only a site admin may name another user.",
      ),
  })
  .meta({ id: 'NewTeam' });
export const newTeamMember = z
  .strictObject({ permission: permission.describe('What the member is to hold in the team; `admin` manages it.') })
  .meta({ id: 'NewTeamMember' });
export const teamPath = z.strictObject({ team: identifier.describe('Name of the team.') });
export const teamMemberPath = z.strictObject({
  team: identifier.describe('Name of the team.'),
  username: principalName.describe('Name of the member.'),
});

export function toTeam({ team: name, created_at }: TeamRecord): Team {
  return { team: name, created_at: toInstant(created_at) };
}
