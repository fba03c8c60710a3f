import type { Knex } from 'knex';
import type { Change, ChangeSet, Kind, Put } from '../../changes/change-set.ts';
import type { ApiKeyRecord, ApplicationRecord, ModelRecord, UserRecord } from '../records.ts';
import type { ChangeFeed } from '../store.ts';
import { toApiKey } from './api-keys.ts';
import { toApplication } from './applications.ts';
import { toModel } from './models.ts';
import { checkedRows, rowForm, writeRowChecks } from './row-checks.ts';
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
/** Changes read and parsed in one go. */
const changesPerRead = 1000;

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
        const changes = await changesBetween(tx, revision, last);
        return revisions.map(({ revision: each, committed_at }): ChangeSet => {
          const own = changes.get(Number(each)) ?? [];
          return { epoch, revision: Number(each), committed_at: Number(committed_at), changes: own };
        });
      });
    },
    everything: () => db.transaction(async tx => ({ ...(await head(tx)), puts: await allPuts(tx) })),
  };
}

/** The changes of each revision after one, up to another; read in pieces, so that a large one holds up no check (T33). */
async function changesBetween(tx: Knex, after: number, last: number): Promise<ReadonlyMap<number, Change[]>> {
  const changes = new Map<number, Change[]>();
  for (let mark = [after, Number.MAX_SAFE_INTEGER]; ; ) {
    const rows: { revision: number; seq: number; change: string }[] = await tx('changes')
      .whereRaw('(revision, seq) > (?, ?)', mark)
      .andWhere('revision', '<=', last)
      .orderBy(['revision', 'seq'])
      .limit(changesPerRead);
    for (const row of rows) {
      const own = changes.get(Number(row.revision)) ?? [];
      changes.set(Number(row.revision), own);
      own.push(readable(() => JSON.parse(row.change)));
    }
    const end = rows.at(-1);
    if (!end || rows.length < changesPerRead) {
      return changes;
    }
    mark = [end.revision, end.seq];
  }
}

async function head(db: Knex): Promise<{ epoch: string; revision: number }> {
  const { epoch, revision } = await db('store_state').first('epoch', 'revision');
  return { epoch, revision: Number(revision) };
}

async function allPuts(tx: Knex): Promise<Put[]> {
  const checked: Put[][] = [];
  for (const [kind, rows] of Object.entries(await readRows(tx)) as [Kind, (Put | undefined)[]][]) {
    checked.push(await checkedRows(tx, kind, rows));
  }
  return checked.flat();
}

/** Gives every row its digest anew, where none has one of today's form: after an upgrade. */
export async function renewRowChecks(db: Knex): Promise<void> {
  await db.transaction(async tx => {
    const rows = Object.values(await readRows(tx)).flat();
    await tx('row_checks').delete();
    await writeRowChecks(
      tx,
      rows.filter(row => row !== undefined),
    );
    await tx('store_state').update({ row_form: rowForm });
  });
}

async function readRows(tx: Knex): Promise<Record<Kind, (Put | undefined)[]>> {
  const settings = await settingsReads(tx)
    .readSettings()
    .catch(() => undefined);
  const keys = await tx('api_keys').where({ ended_at: null }).select('*');
  return {
    settings: [settings && settingsPut(settings)],
    principal: (await tx('principals').select('*')).map(principalPut),
    team_member: (await tx('team_members').select('*')).map(teamMemberPut),
    project: (await tx('projects').select('*')).map(projectPut),
    collaborator: (await tx('collaborators').select('*')).map(collaboratorPut),
    team_collaborator: (await tx('team_collaborators').select('*')).map(teamCollaboratorPut),
    model: (await tx('models').select('*')).map(row => modelPut(toModel(row) as ModelRecord)),
    api_key: keys.map(row => readable(() => apiKeyPut(toApiKey(row) as ApiKeyRecord, row.digest))),
  };
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
