import { z } from 'zod';
import type { TeamRecord } from '../../store/records.ts';
import { identifier, instant, nextPageToken, permission, sortedPageQuery, toInstant } from './fields.ts';

export const team = z.object({ team: z.string(), created_at: instant });
export type Team = z.infer<typeof team>;
export const teamList = z.object({ teams: z.array(team), next_page_token: nextPageToken });
export type TeamList = z.infer<typeof teamList>;
export const teamQuery = sortedPageQuery('team', 'created_at');

export const teamMember = z.object({ username: z.string(), permission });
export type TeamMember = z.infer<typeof teamMember>;
/** A team with a page of its members. */
export const teamWithMembers = team.extend({ members: z.array(teamMember), next_page_token: nextPageToken });
export type TeamWithMembers = z.infer<typeof teamWithMembers>;
export const teamMemberQuery = sortedPageQuery('username');

export const newTeam = z.strictObject({
  team: identifier,
  /** Its first admin; absent: the caller, but of a site admin's team nobody. Only a site admin may name another user. */
  admin: identifier.optional(),
});
export const newTeamMember = z.strictObject({ permission });
export const teamPath = z.strictObject({ team: identifier });
export const teamMemberPath = z.strictObject({ team: identifier, username: identifier });

export function toTeam({ team: name, created_at }: TeamRecord): Team {
  return { team: name, created_at: toInstant(created_at) };
}
