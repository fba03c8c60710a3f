import { expect } from 'chai';
import type { Restored } from '../../../src/restore/restore-backup.ts';
import { StoreError } from '../../../src/store/store-error.ts';
import { cli } from '../../support/cli.ts';

const restored: Restored = {
  revision: 12,
  replacedRevision: 20,
  kept: 'replaced-r20.db',
  siteAdmins: 1,
  reopened: [
    { kind: 'api_key', id: 'k1', opens: ['it works again'], command: ['keys', 'delete', 'k1'], ended: true },
    {
      kind: 'team_member',
      id: 't/a b',
      opens: ['joins'],
      command: ['teams', 'members', 'delete', 't', 'a b'],
      ended: false,
    },
  ],
};

describe('modelgate restore', () => {
  it('lists what comes back with its command, quoted, and tells where the replaced store is', async () => {
    const asked: unknown[] = [];
    const restore = async (options: unknown) => {
      asked.push(options);
      return restored;
    };
    const { code, stdout, stderr } = await cli(['restore', 'b.db', '--data', '/d', '--include-revoked'], { restore });
    const options = { dataDirectory: '/d', backup: 'b.db', dryRun: false, includeRevoked: true, acceptLoss: false };
    expect({ code, asked }).to.deep.equal({ code: 0, asked: [options] });
    expect(
      stdout
        .split('\n')
        .slice(1, 3)
        .map(line => line.split(/ {2,}/)),
    ).to.deep.equal([
      ['api_key', 'k1', '(stays ended)', 'it works again'],
      ['team_member', 't/a b', "modelgate teams members delete t 'a b'", 'joins'],
    ]);
    expect(stderr).to.contain('replaced-r20.db in /d').and.to.contain('1 stay so and 1 come back');
  });

  it('prints one document as JSON', async () => {
    const { stdout } = await cli(['restore', 'b.db', '-o', 'json'], { restore: async () => restored });
    const { reopened, ...rest } = JSON.parse(stdout);
    expect(rest).to.deep.equal({
      ...{ revision: 12, replaced_revision: 20, kept: 'replaced-r20.db', dry_run: false, site_admins: 1 },
    });
    expect(reopened[0]).to.deep.equal({ ...restored.reopened[0], command: 'modelgate keys delete k1' });
  });

  it('says how users get a legacy key again whose old one stays ended', async () => {
    const legacy = { kind: 'legacy_key', id: 'root', opens: ['it works again'], command: [], ended: true };
    const { stderr } = await cli(['restore', 'b.db', '--data', '/d'], {
      restore: async () => ({ ...restored, reopened: [legacy] }),
    });
    expect(stderr).to.contain('modelgate init --recover --admin NAME --data /d');
  });

  it('says that nobody knows what was revoked, and that no site admin is left', async () => {
    const none = { ...restored, replacedRevision: undefined, kept: undefined, siteAdmins: 0, reopened: [] };
    const { stderr } = await cli(['restore', 'b.db', '--accept-loss', '--data', '/d'], { restore: async () => none });
    expect(stderr)
      .to.contain('nobody knows what was revoked since the backup: revoke it anew')
      .and.to.contain('modelgate init --admin NEW_NAME --data /d');
  });

  it('refuses a dry run that could compare nothing, and ends with 1 where the store refuses', async () => {
    const restore = async () => {
      throw new StoreError('in_use', 'stop the server');
    };
    expect((await cli(['restore', 'b.db', '--dry-run', '--accept-loss'], { restore })).code).to.equal(2);
    const refused = await cli(['restore', 'b.db'], { restore });
    expect(refused).to.deep.equal({ code: 1, stdout: '', stderr: 'modelgate: stop the server\n' });
  });
});
