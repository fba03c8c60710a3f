import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WholeSite } from './damaged-store.ts';
import { dataDirectory } from './data-directory.ts';
import { initData, type ServeProcess, startProcess } from './serve-process.ts';
import { until } from './until.ts';

const users = ['viewer', 'gone', 'out'].map(username => ({ username }));
const project = {
  project_id: 'p',
  owner: { username: 'root' },
  collaborators: users.map(({ username }) => ({ username, permission: 'read' })),
  models: [{ model_id: 'fraud' }, { model_id: 'rekeyed' }, { model_id: 'open', auth_enabled: false }],
};
const models = '/api/v2/projects/p/models';

export const logOf = (data: string) => join(data, 'modelgate.db-wal');

/**
 * A data directory as a kill left it: the database still holds everything as valid, and what was revoked since, with an
 * answer that said so, stands in the log alone.
 */
export async function siteWithLiveLog(): Promise<WholeSite> {
  for (;;) {
    const data = dataDirectory();
    const legacyKey = await initData(data);
    const server = await startProcess(data, legacyKey);
    const revoke = await fill(server);
    await until('all is in the database', async () => statSync(logOf(data)).size === 0);
    const database = () => readFileSync(join(data, 'modelgate.db'));
    const before = database();
    const expected = await revoke();
    await server.kill9();
    // A checkpoint may have come in between; then some or all of it is no longer in the log alone.
    if (database().equals(before)) {
      return { data, expected };
    }
  }
}

/** Makes the site; the answer revokes in every way that there is, and tells what each call must come to then. */
async function fill({ admin }: ServeProcess): Promise<() => Promise<WholeSite['expected']>> {
  await admin.post('/api/v2/site:apply', { users, projects: [project] });
  const accessKeyOf = async (model: string) => (await admin.get(`${models}/${model}`)).body.access_key as string;
  const [accessKey, former, open] = [
    await accessKeyOf('fraud'),
    await accessKeyOf('rekeyed'),
    await accessKeyOf('open'),
  ];
  const made = async (user: string) => {
    const { body } = await admin.post(`/api/v2/users/${user}/v2_keys`, {});
    return body as { key_id: string; api_key: string };
  };
  const [live, deleted, rotated] = [await made('viewer'), await made('viewer'), await made('viewer')];
  const [ofGone, ofOut] = [await made('gone'), await made('out')];
  const keys = '/api/v2/users/viewer/v2_keys';
  return async () => {
    // All at once, to be done before the next checkpoint.
    await Promise.all([
      admin.post(`${models}/rekeyed:regenerate_access_key`),
      admin.delete(`${keys}/${deleted.key_id}`),
      admin.post(`${keys}/${rotated.key_id}:rotate`, { overlap_seconds: 0 }),
      admin.patch('/api/v2/users/gone', { deactivated: true }),
      admin.delete('/api/v2/projects/p/collaborators/out'),
      admin.patch(`${models}/open`, { auth_enabled: true }),
    ]);
    const refused = { accessKey, allow: false };
    return [
      { what: 'live', accessKey, bearer: live.api_key, allow: true },
      { what: 'deleted', bearer: deleted.api_key, ...refused },
      { what: 'rotated', bearer: rotated.api_key, ...refused },
      { what: 'deactivated', bearer: ofGone.api_key, ...refused },
      { what: 'no collaborator', bearer: ofOut.api_key, ...refused },
      { what: 'former access key', accessKey: former, bearer: live.api_key, allow: false },
      { what: 'authentication on', accessKey: open, bearer: undefined, allow: false },
    ];
  };
}

/** Changes one byte of the log, chosen by two numbers from 0 to 1. */
export function flipLogByte(place: number, bits: number): (copy: string) => void {
  return copy => {
    const bytes = readFileSync(logOf(copy));
    const at = Math.floor(place * bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 + Math.floor(bits * 255));
    writeFileSync(logOf(copy), bytes);
  };
}
