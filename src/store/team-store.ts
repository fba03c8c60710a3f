import type { Permission } from '../changes/change-set.ts';
import type { PageQuery } from './page-query.ts';
import type { TeamMemberRecord, TeamRecord } from './records.ts';

/** What a store holds of teams: named sets of users, each with a permission in the team. */

export interface TeamReads {
  findTeam(team: string): Promise<TeamRecord | undefined>;
  /** Those of the names that are teams, by their name. */
  findTeams(teams: readonly string[]): Promise<ReadonlyMap<string, TeamRecord>>;
  /** All teams, or those that a user is a member of. Sorted by team or created_at. */
  listTeams(page: PageQuery, member?: string): Promise<TeamRecord[]>;
  /** Sorted by username. */
  listTeamMembers(team: string, page: PageQuery): Promise<TeamMemberRecord[]>;
  /** What a user holds in a team; undefined: it is no member. */
  findTeamMember(team: string, username: string): Promise<Permission | undefined>;
  /** Every member of the teams named, or of all teams. */
  findTeamMembers(teams?: readonly string[]): Promise<TeamMemberRecord[]>;
}

export interface TeamWrites {
  /** The team counts for the quota of `maker`; absent: of nobody. Rejects with `conflict`. */
  insertTeam(team: TeamRecord, maker?: string): Promise<void>;
  /** Rejects with `not_found`; with `has_dependents` while it owns projects. Its members and places in projects go with it. */
  deleteTeam(team: string): Promise<void>;
  /** Rejects with `not_found` for an unknown team or user. */
  putTeamMember(team: string, username: string, permission: Permission): Promise<void>;
  /** The same of many at once, each of them once. */
  putTeamMembers(members: readonly TeamMemberRecord[]): Promise<void>;
  /** Rejects with `not_found`. */
  deleteTeamMember(team: string, username: string): Promise<void>;
}
