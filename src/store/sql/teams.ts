import type { Knex } from 'knex';
import { pairId } from '../../changes/change-set.ts';
import type { TeamMemberRecord, TeamRecord } from '../records.ts';
import type { TeamReads, TeamWrites } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { type Listing, paged } from './page.ts';
import type { Recorder } from './recorder.ts';
import { teamMemberPut } from './to-rows.ts';

const listing: Listing = { id: 'team', searched: ['team'], sortable: { created_at: 'created_at' } };

export function teamReads(db: Knex): TeamReads {
  return {
    async findTeam(team) {
      return toTeam(await db('teams').where({ team }).first());
    },
    async listTeams(page) {
      const rows = await paged(db('teams'), page, listing).select('*');
      return rows.map((row: Record<string, unknown>) => toTeam(row) as TeamRecord);
    },
    async listTeamMembers(team) {
      return (await db('team_members').where({ team }).orderBy('username')) as TeamMemberRecord[];
    },
  };
}

export function teamWrites(tx: Knex.Transaction, recorder: Recorder): TeamWrites {
  const { findTeam } = teamReads(tx);
  return {
    async insertTeam({ team, created_at }) {
      if (await findTeam(team)) {
        throw new StoreError('conflict', `there is a team ${team} already`);
      }
      await tx('teams').insert({ team, created_at });
      recorder.audit('team.create', team);
    },
    async putTeamMember(team, username, permission) {
      const user = await tx('principals').where({ principal: username, kind: 'user' }).first('principal');
      if (!user || !(await findTeam(team))) {
        throw new StoreError('not_found', `there is no ${user ? `team ${team}` : `user ${username}`}`);
      }
      const old = await tx('team_members').where({ team, username }).first('permission');
      if (old?.permission !== permission) {
        const member = { team, username, permission };
        await tx('team_members').insert(member).onConflict(['team', 'username']).merge();
        recorder.change(teamMemberPut(member));
        recorder.audit('team_member.put', pairId(team, username), { permission });
      }
    },
    async deleteTeamMember(team, username) {
      if ((await tx('team_members').where({ team, username }).delete()) === 0) {
        throw new StoreError('not_found', `${username} is no member of team ${team}`);
      }
      recorder.change({ op: 'delete', kind: 'team_member', id: pairId(team, username) });
      recorder.audit('team_member.delete', pairId(team, username));
    },
  };
}

function toTeam(row: Record<string, unknown> | undefined): TeamRecord | undefined {
  return row && { team: String(row['team']), created_at: Number(row['created_at']) };
}
