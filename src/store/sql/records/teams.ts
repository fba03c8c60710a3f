import type { Knex } from 'knex';
import { pairId } from '../../../changes/change-set.ts';
import type { TeamMemberRecord, TeamRecord } from '../../records.ts';
import { StoreError } from '../../store-error.ts';
import type { TeamReads, TeamWrites } from '../../team-store.ts';
import type { Recorder } from '../feed/recorder.ts';
import { teamMemberPut } from '../feed/to-rows.ts';
import { withPrevious } from '../feed/with-previous.ts';
import { inChunks } from '../statements/in-chunks.ts';
import { insertRows } from '../statements/insert-rows.ts';
import { type Listing, paged } from '../statements/page.ts';
import { aTeam, aUser, requireRows } from '../statements/require-rows.ts';
import { deleteTeamCollaborations } from './team-collaborators.ts';

const listing: Listing = { id: 'team', searched: ['team'], sortable: { created_at: 'created_at' } };
const memberListing: Listing = { id: 'username', searched: ['username'], sortable: {} };

export function teamReads(db: Knex): TeamReads {
  return {
    async findTeam(team) {
      return toTeam(await db('teams').where({ team }).first());
    },
    async findTeams(teams) {
      const rows = await inChunks(teams, chunk => db('teams').whereIn('team', chunk));
      return new Map(rows.map(row => [row.team, toTeam(row) as TeamRecord]));
    },
    async listTeams(page, member) {
      const query = paged(db('teams'), page, listing);
      if (member !== undefined) {
        query.whereIn('team', db('team_members').where({ username: member }).select('team'));
      }
      return (await query.select('*')).map((row: Record<string, unknown>) => toTeam(row) as TeamRecord);
    },
    async listTeamMembers(team, page) {
      return paged(db('team_members').where({ team }), page, memberListing).select('*');
    },
    async findTeamMember(team, username) {
      return (await db('team_members').where({ team, username }).first('permission'))?.permission;
    },
    async findTeamMembers(teams) {
      return teams
        ? inChunks(teams, chunk => db('team_members').whereIn('team', chunk).orderBy(['team', 'username']))
        : db('team_members').orderBy(['team', 'username']);
    },
  };
}

export function teamWrites(tx: Knex.Transaction, recorder: Recorder): TeamWrites {
  const { findTeam } = teamReads(tx);
  const putTeamMembers = (members: readonly TeamMemberRecord[]) => putMembers(tx, recorder, members);
  return {
    async insertTeam({ team, created_at }, maker) {
      if (await findTeam(team)) {
        throw new StoreError('conflict', `there is a team ${team} already`);
      }
      await tx('teams').insert({ team, created_at, made_by: maker ?? null });
      recorder.audit('team.create', team);
    },
    async deleteTeam(team) {
      if (!(await findTeam(team))) {
        throw new StoreError('not_found', `there is no team ${team}`);
      }
      await requireNoProjects(tx, { owner_team: team }, `team ${team}`);
      await deleteTeamCollaborations(tx, recorder, { team });
      await deleteMemberships(tx, recorder, { team });
      await tx('teams').where({ team }).delete();
      recorder.audit('team.delete', team);
    },
    putTeamMember: (team, username, permission) => putTeamMembers([{ team, username, permission }]),
    putTeamMembers,
    async deleteTeamMember(team, username) {
      if ((await deleteMemberships(tx, recorder, { team, username })) === 0) {
        throw new StoreError('not_found', `${username} is no member of team ${team}`);
      }
    },
  };
}

async function putMembers(
  tx: Knex.Transaction,
  recorder: Recorder,
  members: readonly TeamMemberRecord[],
): Promise<void> {
  const names = members.map(({ username }) => username);
  const teams = members.map(({ team }) => team);
  await requireRows(tx, aUser, names);
  await requireRows(tx, aTeam, teams);
  const pairs = members.map(({ team, username }) => [team, username]);
  const rows = await inChunks(pairs, chunk => tx('team_members').whereIn(['team', 'username'], chunk));
  const known = new Map(rows.map(({ team, username, permission }) => [pairId(team, username), permission]));
  const created = members.filter(({ team, username }) => !known.has(pairId(team, username)));
  await insertRows(tx, 'team_members', created);
  for (const member of members) {
    const { team, username, permission } = member;
    const old = known.get(pairId(team, username));
    if (old !== permission) {
      if (old !== undefined) {
        await tx('team_members').where({ team, username }).update({ permission });
      }
      recorder.change(teamMemberPut(member));
      recorder.audit(
        'team_member.put',
        pairId(team, username),
        withPrevious({ permission }, old && { permission: old }),
      );
    }
  }
}

/** Deletes the memberships that match, and answers how many there were. */
export async function deleteMemberships(
  tx: Knex.Transaction,
  recorder: Recorder,
  where: { readonly team?: string; readonly username?: string },
): Promise<number> {
  const members: TeamMemberRecord[] = await tx('team_members').where(where).orderBy(['team', 'username']);
  await tx('team_members').where(where).delete();
  for (const { team, username, permission } of members) {
    recorder.change({ op: 'delete', kind: 'team_member', id: pairId(team, username) });
    recorder.audit('team_member.delete', pairId(team, username), { previous: { permission } });
  }
  return members.length;
}

/** Rejects with `has_dependents` where what is to go owns projects, with their number: their names may not be the caller's to know. */
export async function requireNoProjects(tx: Knex.Transaction, owner: object, what: string): Promise<void> {
  const counted = await tx('projects').where(owner).count({ count: '*' }).first();
  const count = Number(counted?.['count'] ?? 0);
  if (count > 0) {
    throw new StoreError(
      'has_dependents',
      `${what} owns ${count === 1 ? '1 project: give it' : `${count} projects: give them`} another owner, or delete ${count === 1 ? 'it' : 'them'} first`,
    );
  }
}

function toTeam(row: Record<string, unknown> | undefined): TeamRecord | undefined {
  return row && { team: String(row['team']), created_at: Number(row['created_at']) };
}
