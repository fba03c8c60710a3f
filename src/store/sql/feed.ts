import type { Knex } from 'knex';
import type { Change, ChangeSet, Put } from '../../changes/change-set.ts';
import type { ModelRecord } from '../records.ts';
import type { ChangeFeed } from '../store.ts';
import { toApiKey } from './api-keys.ts';
import { toModel } from './models.ts';
import { settingsReads } from './settings.ts';
import {
  apiKeyPut,
  applicationPut,
  collaboratorPut,
  modelPut,
  projectPut,
  settingsPut,
  teamCollaboratorPut,
  teamMemberPut,
  userPut,
} from './to-rows.ts';
import { toApplication, toUser } from './users.ts';

/** Change sets in one answer: a follower that is far behind asks again, or takes everything. */
const changeSetsPerAnswer = 100;

export function changeFeed(db: Knex): ChangeFeed {
  return {
    head: () => head(db),
    async changesSince(revision) {
      return db.transaction(async tx => {
        const { epoch } = await head(tx);
        const revisions = await tx('revisions')
          .where('revision', '>', revision)
          .orderBy('revision')
          .limit(changeSetsPerAnswer);
        const last = revisions.at(-1)?.revision ?? revision;
        const rows = await tx('changes')
          .where('revision', '>', revision)
          .andWhere('revision', '<=', last)
          .orderBy(['revision', 'seq']);
        return revisions.map(({ revision: each, committed_at }): ChangeSet => {
          const changes = rows.filter(row => row.revision === each).map(row => JSON.parse(row.change) as Change);
          return { epoch, revision: Number(each), committed_at: Number(committed_at), changes };
        });
      });
    },
    everything: () => db.transaction(async tx => ({ ...(await head(tx)), puts: await allPuts(tx) })),
  };
}

async function head(db: Knex): Promise<{ epoch: string; revision: number }> {
  const { epoch, revision } = await db('store_state').first('epoch', 'revision');
  return { epoch, revision: Number(revision) };
}

async function allPuts(tx: Knex): Promise<Put[]> {
  const principals = await tx('principals').select('*');
  const models = await tx('models').select('*');
  const keys = await tx('api_keys').where({ ended_at: null }).select('*');
  return [
    settingsPut(await settingsReads(tx).readSettings()),
    ...principals.map(row =>
      row.kind === 'user' ? userPut(must(toUser(row))) : applicationPut(must(toApplication(row))),
    ),
    ...(await tx('team_members').select('*')).map(teamMemberPut),
    ...(await tx('projects').select('*')).map(projectPut),
    ...(await tx('collaborators').select('*')).map(collaboratorPut),
    ...(await tx('team_collaborators').select('*')).map(teamCollaboratorPut),
    ...models.map(row => modelPut(must(toModel(row)) as ModelRecord)),
    ...keys.map(row => apiKeyPut(must(toApiKey(row)), row.digest)),
  ];
}

function must<T>(value: T | undefined): T {
  return value as T;
}
