import type { Knex } from 'knex';
import type { ChangeSet, Put } from '../../changes/change-set.ts';
import type { ApiKeyRecord, ApplicationRecord, ModelRecord, UserRecord } from '../records.ts';
import type { ChangeFeed } from '../store.ts';
import { toApiKey } from './api-keys.ts';
import { toApplication } from './applications.ts';
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
import { toUser } from './users.ts';

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
          const changes = rows.filter(row => row.revision === each).map(row => readable(() => JSON.parse(row.change)));
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
  const settings = await settingsReads(tx)
    .readSettings()
    .catch(() => undefined);
  return [
    ...(settings ? [settingsPut(settings)] : []),
    ...principals.map(principalPut),
    ...(await tx('team_members').select('*')).map(teamMemberPut),
    ...(await tx('projects').select('*')).map(projectPut),
    ...(await tx('collaborators').select('*')).map(collaboratorPut),
    ...(await tx('team_collaborators').select('*')).map(teamCollaboratorPut),
    ...models.map(row => modelPut(toModel(row) as ModelRecord)),
    ...keys.map(row => readable(() => apiKeyPut(toApiKey(row) as ApiKeyRecord, row.digest))),
  ];
}

function principalPut(row: Record<string, unknown>): Put {
  return row['kind'] === 'user'
    ? userPut(toUser(row) as UserRecord)
    : applicationPut(toApplication(row) as ApplicationRecord);
}

/**
 * What a row says; undefined where it can't be read, which whoever applies it then refuses: one bad row
 * must not keep all the others away.
 */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch {
    return undefined as T;
  }
}
