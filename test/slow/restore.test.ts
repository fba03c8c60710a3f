import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { digestOf } from '../../src/keys/digest.ts';
import { inspect } from '../support/backups.ts';
import { runModelgate } from '../support/cli-process.ts';
import { restoreKilledAt } from '../support/killed-restores.ts';
import {
  alive,
  backLines,
  endedLines,
  keyFile,
  legacyStatuses,
  lines,
  opened,
  restored,
  revokedSite,
  url,
} from '../support/revoked-site.ts';

describe('T53 O5 O14 a backup that is restored', function () {
  this.timeout(60_000);

  it('leaves ended what was revoked since: keys, legacy keys, identities, users, site admins', async () => {
    const revoked = await revokedSite();
    const done = await restored(revoked);
    expect(lines(done)).to.have.members(endedLines(revoked, 'ended').concat(backLines));
    await opened(revoked, async server => {
      expect(await alive(server, revoked)).to.deep.equal(['kept']);
      const users = (await server.admin.get(url('users?page_size=100'))).body.users as Record<string, unknown>[];
      const away = users.filter(({ deactivated }) => deactivated).map(({ username }) => username);
      const admins = users.filter(({ site_admin }) => site_admin).map(({ username }) => username);
      expect({ away, admins }).to.deep.equal({ away: ['eve', 'ned'], admins: ['root'] });
      expect((await server.admin.get(url('users/lea/oidc_identity'))).status).to.equal(404);
      const statuses = await legacyStatuses(server, revoked);
      expect(statuses).to.deep.equal({ second: 200, max: 401 });
    });
  });

  it('is told in the audit, and what ended is remembered, so that no document brings it back', async () => {
    const revoked = await revokedSite();
    await restored(revoked);
    await opened(revoked, async ({ admin }) => {
      const { audit_events } = (await admin.get(url('audit_events?actor=modelgate:restore&page_size=100'))).body;
      const [event] = audit_events;
      expect(event).to.include({ action: 'site.restore', target: 'site', address: '' });
      expect(event.details).to.include({ compared: true, ended_again: 12 });
      const { deleted } = revoked.keys;
      expect(audit_events.map(({ target }: { target: string }) => target)).to.include(deleted.key_id);
      const api_keys = [{ key_id: deleted.key_id, username: 'bob', digest: digestOf(deleted.api_key) }];
      expect((await admin.post(url('site:apply'), { api_keys })).body.steps).to.have.nested.property(
        '0.action',
        'skip',
      );
    });
  });

  it('lists what else comes back with the command that takes it away, each of which can be run', async () => {
    const revoked = await revokedSite();
    const { reopened } = await restored(revoked);
    const left = reopened.filter(({ ended }) => !ended);
    await opened(revoked, async ({ admin }) => {
      for (const { command } of left) {
        const { code, stderr } = await runModelgate([...command], {
          env: { MODELGATE_SERVER: admin.url, MODELGATE_KEY_FILE: keyFile(admin.key) },
        });
        expect({ code, stderr }, command.join(' ')).to.deep.include({ code: 0 });
      }
    });
    const again = await restored({ ...revoked, backup: revoked.backup }, { dryRun: true });
    // The same things: what was taken away by the commands is what was to be taken away.
    expect(lines(again).filter(line => line.startsWith('back'))).to.have.members(backLines);
  });

  it('brings all of it back where that is asked for, and says so', async () => {
    const revoked = await revokedSite();
    const done = await restored(revoked, { includeRevoked: true });
    expect(lines(done)).to.have.members(endedLines(revoked, 'back').concat(backLines));
    await opened(revoked, async server => {
      expect(await alive(server, revoked)).to.have.members(Object.keys(revoked.keys));
      expect(await legacyStatuses(server, revoked)).to.deep.equal({ second: 200, max: 200 });
    });
  });

  it('changes nothing with --dry-run, and tells the same', async () => {
    const revoked = await revokedSite();
    const before = await inspect(join(revoked.data, 'modelgate.db'));
    const dry = await restored(revoked, { dryRun: true });
    expect(dry.kept).to.equal(undefined);
    expect(await inspect(join(revoked.data, 'modelgate.db'))).to.deep.equal(before);
    expect(readdirSync(revoked.data).filter(name => /replaced|partial/.test(name))).to.deep.equal([]);
    const { kept, ...done } = await restored(revoked);
    const { kept: _, ...told } = dry;
    expect(done).to.deep.equal(told);
  });

  it('keeps the replaced store beside, for its owner alone, from which it can be undone', async () => {
    const revoked = await revokedSite();
    const before = await inspect(join(revoked.data, 'modelgate.db'));
    const kept = join(revoked.data, String((await restored(revoked)).kept));
    expect(statSync(kept).mode & 0o777).to.equal(0o600);
    expect(await inspect(kept)).to.deep.equal(before);
    const after = await inspect(join(revoked.data, 'modelgate.db'));
    expect(after.epoch).to.not.equal(before.epoch);
    await restored({ ...revoked, backup: kept });
    await opened(revoked, async server => {
      expect(await alive(server, revoked)).to.deep.equal(['kept']);
    });
  });

  for (const [call, name, leaves] of [
    [1, 'link', 'old'],
    [1, 'rename', 'old'],
    [12, 'rm', 'new'],
  ] as const) {
    it(`T37 killed before ${name} ${call} leaves the ${leaves} store, whole (before each call in the slow tests)`, async () => {
      expect(await restoreKilledAt(call, name, await revokedSite())).to.equal(leaves);
    });
  }

  it('works on data of a store that is served again and again', async () => {
    const revoked = await revokedSite();
    await restored(revoked);
    for (const start of ['first', 'second']) {
      await opened(revoked, async server => {
        expect((await server.admin.post(url('users'), { username: `of-${start}` })).status).to.equal(201);
        expect(await alive(server, revoked)).to.deep.equal(['kept']);
      });
    }
  });
});
