import { expect } from 'chai';
import { FlatIndex } from '../../src/snapshot/flat-index.ts';
import type { ApplicationFilter, Store, Writes } from '../../src/store/store.ts';
import {
  applicationOf,
  author,
  engines,
  everythingIn,
  fillSite,
  followed,
  keyOf,
  projectOf,
  rejectedCode,
  user,
} from '../support/store.ts';

/** Bot is Ada's application, a collaborator of project p, with key b1. */
async function fillBot(writes: Writes): Promise<void> {
  await writes.insertApplication(applicationOf('bot', 'ada'));
  await writes.putCollaborator('p', 'bot', 'read');
  await writes.insertApiKeys([{ key: keyOf('b1', 'bot'), digest: 'b'.repeat(64) }]);
}

for (const { name, open } of engines) {
  describe(`store contract on ${name}: users and applications`, () => {
    let store: Store;
    const write = <T>(change: (writes: Writes) => Promise<T>) => store.write(author, change);
    beforeEach(async () => {
      store = await open();
      await write(fillSite);
      await write(fillBot);
    });
    afterEach(() => store.close());

    const applications = async (filter: ApplicationFilter) =>
      (await store.read.listApplications({ limit: 9 }, 0, filter)).map(each => each.name);

    it('lists applications with their keys, and flags those whose owner is deactivated (B37a)', async () => {
      await store.recordKeyUses([{ key_id: 'b1', model_id: 'fraud', at: 7000 }]);
      await write(writes => writes.updateUser('ada', { deactivated: true }));
      const [bot] = await store.read.listApplications({ limit: 9 }, 0);
      const keys = { api_key_count: 1, expired_api_key_count: 0, last_used_at: 7000 };
      expect(bot).to.deep.equal({ ...applicationOf('bot', 'ada'), ...keys, owner_deactivated: true });
      expect(await store.read.summarizeApplication('bot', 0)).to.deep.equal(bot);
      expect(await store.read.summarizeApplication('ben', 0)).to.equal(undefined);
    });

    it('filters applications by owner, by its deactivation, and by last use', async () => {
      await write(writes => writes.insertApplication(applicationOf('cron', 'ben')));
      await write(writes => writes.updateUser('ben', { deactivated: true }));
      await store.recordKeyUses([{ key_id: 'b1', model_id: 'fraud', at: 7000 }]);
      expect(await applications({ owner: 'ada' })).to.deep.equal(['bot']);
      expect(await applications({ ownerDeactivated: true })).to.deep.equal(['cron']);
      expect(await applications({ ownerDeactivated: false })).to.deep.equal(['bot']);
      expect(await applications({ lastUsedBefore: 7000 })).to.deep.equal(['cron']);
    });

    it('B37a ends the keys of a deactivated application for good, as those of a user', async () => {
      await write(writes => writes.updateApplication('bot', { deactivated: true }));
      await write(writes => writes.updateApplication('bot', { deactivated: false }));
      expect((await store.read.findApiKey('b1'))?.ended_at).to.be.a('number');
      const { puts } = await everythingIn(store);
      expect(
        puts.filter(({ kind }) => kind === 'api_key').map(({ row }) => 'key_id' in row && row.key_id),
      ).to.deep.equal(['k1']);
    });

    it('deletes an application with its keys and collaborations in one revision', async () => {
      const before = await everythingIn(store);
      const { revision } = await write(writes => writes.deleteApplication('bot'));
      expect(revision).to.equal(before.revision + 1);
      const [set] = await store.changesSince(before.revision);
      expect(set?.changes).to.deep.equal([
        { op: 'delete', kind: 'api_key', id: 'b1' },
        { op: 'delete', kind: 'collaborator', id: 'p/bot' },
        { op: 'delete', kind: 'principal', id: 'bot' },
      ]);
      expect(await followed(store, before)).to.deep.equal(FlatIndex.build(await everythingIn(store)).everything());
    });

    it('deletes a user with its keys, legacy key, memberships and collaborations in one revision', async () => {
      await write(writes => writes.setLegacyKey('ben', 'e'.repeat(64)));
      const before = await everythingIn(store);
      await write(writes => writes.deleteUser('ben'));
      const [set, ...more] = await store.changesSince(before.revision);
      expect(more).to.deep.equal([]);
      expect(set?.changes.map(change => 'id' in change && `${change.kind} ${change.id}`)).to.deep.equal([
        'api_key k1',
        'team_member t/ben',
        'collaborator p/ben',
        'principal ben',
      ]);
      expect(await store.read.findUserByLegacyKey('e'.repeat(64))).to.equal(undefined);
    });

    it('gives a later user of the same name nothing of the one before', async () => {
      await write(writes => writes.deleteUser('ben'));
      await write(writes => writes.insertUser(user('ben')));
      expect(await store.read.listApiKeys('ben', { limit: 9 })).to.deep.equal([]);
      expect(await store.read.findTeamMembers(['t'])).to.deep.equal([]);
      const collaborators = await store.read.findCollaborators(['p']);
      expect(collaborators.map(({ principal }) => principal)).to.deep.equal(['bot']);
      const index = FlatIndex.build(await everythingIn(store));
      const [p, t, ben] = [index.refOf('p'), index.refOf('t'), index.refOf('ben')];
      expect([index.collaborator(p, ben), index.teamMember(t, ben)]).to.deep.equal([undefined, undefined]);
    });

    it('B37 keeps what a deleted user did and had in the audit', async () => {
      await store.write({ actor: 'ben', address: '10.0.0.1' }, writes => writes.updateUser('ben', { name: 'Ben' }));
      const { revision } = await write(writes => writes.deleteUser('ben'));
      expect(await store.read.listAuditEvents({ limit: 9, actor: 'ben' })).to.have.length(1);
      const events = await store.read.listAuditEvents({ limit: 9, revision });
      expect(events.map(({ action, target, project_id }) => [action, target, project_id]).reverse()).to.deep.equal([
        ['api_key.delete', 'k1', null],
        ['team_member.delete', 't/ben', null],
        ['collaborator.delete', 'p/ben', 'p'],
        ['user.delete', 'ben', null],
      ]);
    });

    it('keeps a user that still owns projects or applications, and names some of them', async () => {
      await write(async writes => {
        for (const id of ['q1', 'q2', 'q3', 'q4', 'q5']) {
          await writes.insertProject(projectOf(id, 'ada'));
        }
      });
      const refused = await write(writes => writes.deleteUser('ada')).catch(error => error);
      expect(refused.code).to.equal('has_dependents');
      expect(refused.message).to.contain(
        'ada still owns project p, project q1, project q2, project q3, project q4 and 2',
      );
      expect(await store.read.findUser('ada')).to.include({ username: 'ada' });
    });

    it('tells users from applications when it deletes', async () => {
      expect(await rejectedCode(write(writes => writes.deleteUser('bot')))).to.equal('not_found');
      expect(await rejectedCode(write(writes => writes.deleteApplication('ben')))).to.equal('not_found');
      expect(await rejectedCode(write(writes => writes.deleteUser('nobody')))).to.equal('not_found');
    });
  });
}
