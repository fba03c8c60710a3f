import { join } from 'node:path';
import { expect } from 'chai';
import knex from 'knex';
import { serve } from '../../src/assemble.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createLog } from '../../src/log/log.ts';
import { adminClient } from '../support/admin-client.ts';
import { checkClient, modelCall } from '../support/check-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { startServer } from '../support/server.ts';

type Admin = ReturnType<typeof adminClient>;

/** A site with two keys, whose database is then changed by hand while no server runs. */
async function damaged(statement: string, prepare: (admin: Admin) => Promise<string> = async () => '') {
  const data = dataDirectory();
  const server = await startServer({ data });
  await server.admin.post('/api/v2/site:apply', {
    projects: [{ project_id: 'p', owner: { username: 'root' }, models: [{ model_id: 'fraud' }] }],
  });
  await server.admin.patch('/api/v2/settings', { stale_after_seconds: 60 });
  const { access_key } = (await server.admin.get('/api/v2/projects/p/models/fraud')).body;
  const one = (await server.admin.post('/api/v2/users/root/v2_keys', { comments: 'one' })).body.api_key;
  const two = (await server.admin.post('/api/v2/users/root/v2_keys', { comments: 'two' })).body.api_key;
  const ended = await prepare(server.admin);
  await server.close();
  const db = knex({ client: 'sqlite3', connection: { filename: join(data, 'modelgate.db') }, useNullAsDefault: true });
  await db.raw(statement);
  await db.destroy();
  return { data, access_key, one, two, ended };
}

async function serveAgain(data: string) {
  const listen = { 'check-listen': '127.0.0.1:0', 'admin-listen': '127.0.0.1:0' };
  const log = createLog('error', { write: () => undefined });
  const running = await serve(readConfig({ data, ...listen }, {}), { log });
  const checks = checkClient(running.checkPort as number);
  const close = async () => {
    checks.close();
    await running.close();
  };
  return { checks, admin: adminClient(`http://127.0.0.1:${running.adminPort}`, ''), close };
}

describe('fault: a database that hands have edited', () => {
  it('T40 lets a torn row deny only itself, and shows it', async () => {
    const { data, access_key, one, two } = await damaged(
      "update api_keys set audiences = '[\"AP' where comments = 'one'",
    );
    const { checks, admin, close } = await serveAgain(data);
    const reasons = [];
    for (const bearer of [one, two]) {
      const { okResponse } = await checks.check(modelCall({ accessKey: access_key, bearer }));
      reasons.push(Boolean(okResponse));
    }
    const metrics = (await admin.get('/metrics')).body;
    await close();
    expect(reasons).to.deep.equal([false, true]);
    expect(metrics).to.contain('modelgate_snapshot_rejected_total 1');
  });

  for (const [name, statement] of [
    ['the life of a key', "update api_keys set expires_at = expires_at + 1 where comments = 'one'"],
    ['the owner of a key', "update api_keys set principal = 'other' where comments = 'one'"],
    [
      'the digest of a key',
      // Whatever the digest is, it is another one then.
      "update api_keys set digest = iif(digest like '0%', '1', '0') || substr(digest, 2) where comments = 'one'",
    ],
  ] as const) {
    it(`T40 takes a row for torn where something else has changed ${name}`, async () => {
      const { data, access_key, one, two } = await damaged(statement);
      const { checks, close } = await serveAgain(data);
      const answers = [one, two].map(bearer => checks.check(modelCall({ accessKey: access_key, bearer })));
      const allowed = (await Promise.all(answers)).map(({ okResponse }) => Boolean(okResponse));
      await close();
      expect(allowed).to.deep.equal([false, true]);
    });
  }

  it('B37a brings no key back to life whose end a hand has taken out of its row', async () => {
    const { data, access_key, one, ended } = await damaged('update api_keys set ended_at = null', async admin => {
      await admin.post('/api/v2/users', { username: 'ada' });
      await admin.put('/api/v2/projects/p/collaborators/ada', { permission: 'read' });
      const { api_key } = (await admin.post('/api/v2/users/ada/v2_keys', { comments: 'ended' })).body;
      for (const deactivated of [true, false]) await admin.patch('/api/v2/users/ada', { deactivated });
      return api_key;
    });
    const { checks, close } = await serveAgain(data);
    const answers = [one, ended].map(bearer => checks.check(modelCall({ accessKey: access_key, bearer })));
    const allowed = (await Promise.all(answers)).map(({ okResponse }) => Boolean(okResponse));
    await close();
    expect(allowed).to.deep.equal([true, false]);
  });

  it('T40 opens no model to all by a flag that no change of ours has written', async () => {
    const { data, access_key } = await damaged('update models set auth_enabled = 0');
    const { checks, close } = await serveAgain(data);
    const { deniedResponse } = await checks.check(modelCall({ accessKey: access_key }));
    await close();
    expect(deniedResponse?.status?.code).to.equal(404);
  });

  it('B22 serves nothing without whole settings, which hold the staleness limit', async () => {
    const { data } = await damaged("update settings set value = 'no json'");
    const refused = await serveAgain(data).then(
      () => 'served',
      (error: Error) => error.message,
    );
    expect(refused).to.contain('settings');
  });
});
