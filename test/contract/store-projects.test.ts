import { expect } from 'chai';
import type { ChangeSet } from '../../src/changes/change-set.ts';
import { FlatIndex } from '../../src/snapshot/flat-index.ts';
import type { Store, Writes } from '../../src/store/store.ts';
import { author, engines, everythingIn, fillSite, keyOf, modelOf, projectOf, user } from '../support/store.ts';

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    error => error.code,
  );

for (const { name, open } of engines) {
  describe(`store contract on ${name}: what is deleted`, () => {
    let store: Store;
    const write = <T>(change: (writes: Writes) => Promise<T>) => store.write(author, change);
    /** The change set of a write. */
    const changesOf = async (change: (writes: Writes) => Promise<unknown>) => {
      const { revision } = await write(change);
      const [set] = await store.changesSince(revision - 1);
      return (set as ChangeSet).changes.map(each => (each.op === 'delete' ? `${each.kind} ${each.id}` : each.op));
    };
    beforeEach(async () => {
      store = await open();
      await write(fillSite);
    });
    afterEach(() => store.close());

    it('is not there any more, with what hangs on it, in one revision', async () => {
      expect(await changesOf(writes => writes.deleteModel('fraud'))).to.deep.equal(['model fraud']);
      expect(await changesOf(writes => writes.deleteProject('p'))).to.deep.equal([
        'team_collaborator p/t',
        'collaborator p/ben',
        'project p',
      ]);
      expect(await changesOf(writes => writes.deleteTeam('t'))).to.deep.equal(['team_member t/ben']);
      expect(await changesOf(writes => writes.deleteUser('ben'))).to.deep.equal(['api_key k1', 'principal ben']);
      expect(await store.read.findProject('p')).to.equal(undefined);
      expect(await store.read.findCollaborators()).to.deep.equal([]);
      expect(await store.read.findTeamMembers()).to.deep.equal([]);
      expect(await store.read.findApiKey('k1')).to.equal(undefined);
    });

    it('takes its places in projects and teams with it', async () => {
      await write(async writes => {
        await writes.insertApplication({ name: 'robot', owner: 'ada', deactivated: false, created_at: 1 });
        await writes.putCollaborator('p', 'robot', 'read');
      });
      expect(await changesOf(writes => writes.deleteApplication('robot'))).to.deep.equal([
        'collaborator p/robot',
        'principal robot',
      ]);
      expect(await changesOf(writes => writes.deleteTeam('t'))).to.deep.equal([
        'team_collaborator p/t',
        'team_member t/ben',
      ]);
    });

    it('leaves a snapshot that followed it the same as one that is built anew', async () => {
      const index = FlatIndex.build(await everythingIn(store));
      await write(writes => writes.deleteModel('fraud'));
      await write(writes => writes.deleteProject('p'));
      await write(writes => writes.deleteTeam('t'));
      await write(writes => writes.deleteUser('ben'));
      for (const { revision, changes } of await store.changesSince(index.revision)) {
        index.apply(revision, changes);
      }
      expect(index.everything()).to.deep.equal(FlatIndex.build(await everythingIn(store)).everything());
    });

    it('is audited, each row of it, under its project', async () => {
      await write(async writes => {
        await writes.deleteModel('fraud');
        await writes.deleteProject('p');
      });
      const events = await store.read.listAuditEvents({ limit: 4, projectId: 'p' });
      expect(events.map(({ action, target }) => `${action} ${target}`)).to.deep.equal([
        'project.delete p',
        'collaborator.delete p/ben',
        'team_collaborator.delete p/t',
        'model.delete fraud',
      ]);
    });

    it('is refused with has_dependents while something else relies on it', async () => {
      await write(async writes => {
        await writes.insertApplication({ name: 'robot', owner: 'ben', deactivated: false, created_at: 1 });
        await writes.insertProject({ ...projectOf('q', 'ada'), owner_user: null, owner_team: 't' });
      });
      for (const change of [
        (writes: Writes) => writes.deleteProject('p'),
        (writes: Writes) => writes.deleteUser('ada'),
        (writes: Writes) => writes.deleteUser('ben'),
        (writes: Writes) => writes.deleteTeam('t'),
      ]) {
        expect(await codeOf(write(change)), change.toString()).to.equal('has_dependents');
      }
    });

    it('is refused with not_found where it is not there, or is of another kind', async () => {
      await write(writes =>
        writes.insertApplication({ name: 'robot', owner: 'ada', deactivated: false, created_at: 1 }),
      );
      for (const change of [
        (writes: Writes) => writes.deleteModel('none'),
        (writes: Writes) => writes.deleteProject('none'),
        (writes: Writes) => writes.deleteTeam('none'),
        (writes: Writes) => writes.deleteUser('robot'),
        (writes: Writes) => writes.deleteApplication('ada'),
      ]) {
        expect(await codeOf(write(change)), change.toString()).to.equal('not_found');
      }
    });

    it('B44 stays named by the keys that were narrowed to it', async () => {
      const key = { ...keyOf('k2', 'ben'), models: ['fraud'] };
      await write(writes => writes.insertApiKeys([{ key, digest: 'e'.repeat(64) }]));
      await write(writes => writes.deleteModel('fraud'));
      expect((await store.read.findApiKey('k2'))?.models).to.deep.equal(['fraud']);
    });

    it('leaves its id in the audit, by which it is known that there was such a project', async () => {
      await write(async writes => {
        await writes.deleteModel('fraud');
        await writes.deleteProject('p');
      });
      expect([await store.read.wasProject('p'), await store.read.wasProject('q')]).to.deep.equal([true, false]);
    });
  });

  describe(`store contract on ${name}: many at once`, () => {
    let store: Store;
    const write = <T>(change: (writes: Writes) => Promise<T>) => store.write(author, change);
    const many = Array.from({ length: 1500 }, (_, n) => n);
    beforeEach(async () => {
      store = await open();
      await write(fillSite);
    });
    afterEach(() => store.close());

    it('come in whole, in one revision, and are found by their ids', async () => {
      const { revision } = await write(async writes => {
        await writes.insertUsers(many.map(n => ({ user: user(`u${n}`), legacyKeyDigest: `digest-${n}` })));
        await writes.insertProjects(many.map(n => projectOf(`p${n}`, `u${n}`)));
        await writes.insertModels(many.map(n => modelOf(`m${n}`, `p${n}`)));
        await writes.putCollaborators(many.map(n => ({ project_id: `p${n}`, principal: 'ben', permission: 'read' })));
        await writes.putTeamCollaborators(
          many.map(n => ({ project_id: `p${n}`, team: 't', mode: 'inherit', permission: 'read' })),
        );
        await writes.putTeamMembers(many.map(n => ({ team: 't', username: `u${n}`, permission: 'read' })));
      });
      expect(revision).to.equal(2);
      const { read } = store;
      expect((await read.findUsers(many.map(n => `u${n}`))).size).to.equal(1500);
      expect((await read.findProjects(many.map(n => `p${n}`))).size).to.equal(1500);
      expect((await read.findModels(many.map(n => `m${n}`))).get('m7')).to.deep.equal(modelOf('m7', 'p7'));
      expect(await read.findCollaborators(many.map(n => `p${n}`))).to.have.length(1500);
      expect(await read.findTeamCollaborators(many.map(n => `p${n}`))).to.have.length(1500);
      expect(await read.findTeamMembers(['t'])).to.have.length(1501);
      expect((await read.findUserByLegacyKey('digest-7'))?.username).to.equal('u7');
    });

    it('are put over what was there: what is the same changes nothing', async () => {
      const put = (permission: 'read' | 'write') =>
        write(async writes => {
          await writes.putCollaborators([
            { project_id: 'p', principal: 'ben', permission },
            { project_id: 'p', principal: 'ada', permission: 'read' },
          ]);
          await writes.putTeamMembers([{ team: 't', username: 'ben', permission }]);
          await writes.putTeamCollaborators([{ project_id: 'p', team: 't', mode: 'override', permission }]);
        });
      const revisions = [await put('write'), await put('write'), await put('read')].map(({ revision }) => revision);
      expect(revisions).to.deep.equal([2, 2, 3]);
      const [set] = await store.changesSince(2);
      expect(set?.changes.map(({ kind }) => kind)).to.deep.equal(['collaborator', 'team_member', 'team_collaborator']);
      expect(await store.read.findCollaborators(['p'])).to.deep.include({
        project_id: 'p',
        principal: 'ben',
        permission: 'read',
      });
    });

    it('are refused whole where one of them is taken, or names something that is not there', async () => {
      const taken = [
        (writes: Writes) => writes.insertUsers(['u', 'ada'].map(n => ({ user: user(n), legacyKeyDigest: n }))),
        (writes: Writes) => writes.insertProjects(['q', 'p'].map(id => projectOf(id, 'ada'))),
        (writes: Writes) => writes.insertModels(['m', 'fraud'].map(id => modelOf(id, 'p'))),
        (writes: Writes) =>
          writes.insertModels([{ ...modelOf('m', 'p'), access_key: modelOf('fraud', 'p').access_key }]),
      ];
      expect(await Promise.all(taken.map(change => codeOf(write(change))))).to.deep.equal(taken.map(() => 'conflict'));
      const missing = [
        (writes: Writes) => writes.insertProjects(['ada', 'none'].map(owner => projectOf(`of-${owner}`, owner))),
        (writes: Writes) => writes.insertModels(['p', 'none'].map(id => modelOf(`m-${id}`, id))),
        (writes: Writes) =>
          writes.putTeamMembers(['ada', 'none'].map(username => ({ team: 't', username, permission: 'read' }))),
      ];
      expect(await Promise.all(missing.map(change => codeOf(write(change))))).to.deep.equal(
        missing.map(() => 'not_found'),
      );
      expect((await store.head()).revision).to.equal(1);
    });
  });

  describe(`store contract on ${name}: lists of projects, collaborators and teams`, () => {
    let store: Store;
    before(async () => {
      store = await open();
      await store.write(author, async writes => {
        await fillSite(writes);
        await writes.insertApplication({ name: 'robot', owner: 'ada', deactivated: false, created_at: 1 });
        await writes.putCollaborator('p', 'robot', 'read');
        await writes.insertTeam({ team: 'u', created_at: 2 });
        await writes.putTeamCollaborator('p', 'u', 'override', 'read');
        await writes.insertProject({ ...projectOf('q', 'ben'), visibility: 'public' });
      });
    });
    after(() => store.close());

    it('T55 count for whom made them, whosever they are, and for no later user of that name', async () => {
      const counts = async () => [
        await store.read.countOwned('teams', 'cy'),
        await store.read.countOwned('projects', 'cy'),
      ];
      await store.write(author, async writes => {
        await writes.insertUser(user('cy'));
        await writes.insertTeam({ team: 'by-cy', created_at: 1 }, 'cy');
        await writes.insertProject(projectOf('by-cy', 'ben'), 'cy');
      });
      expect(await counts()).to.deep.equal([1, 1]);
      expect(await store.read.findProject('by-cy')).to.deep.equal(projectOf('by-cy', 'ben'));
      await store.write(author, async writes => {
        await writes.deleteUser('cy');
        await writes.insertUser(user('cy'));
      });
      expect(await counts()).to.deep.equal([0, 0]);
      await store.write(author, async writes => {
        await writes.deleteProject('by-cy');
        await writes.deleteTeam('by-cy');
        await writes.deleteUser('cy');
      });
    });

    it('are narrowed by owner, visibility, member and who was added', async () => {
      const ids = async (filter: Parameters<Store['read']['listProjects']>[1]) =>
        (await store.read.listProjects({ limit: 9 }, filter)).map(({ project_id }) => project_id);
      expect(await ids({ owner_user: 'ben' })).to.deep.equal(['q']);
      expect(await ids({ owner_team: 't' })).to.deep.equal([]);
      expect(await ids({ visibility: 'private' })).to.deep.equal(['p']);
      const team = { owner_user: null, owner_team: 't' };
      await store.write(author, writes =>
        writes.insertProjects([
          { ...projectOf('of-t', 'ada'), ...team, visibility: 'organization' },
          { ...projectOf('closed', 'ada'), ...team, visibility: 'private' },
        ]),
      );
      expect(await ids({ collaborator: 'ben' })).to.deep.equal(['of-t', 'p']);
      expect(await ids({ collaborator: 'robot' })).to.deep.equal(['p']);
      expect(await ids({ collaborator: 'ben', owner_user: 'ada' })).to.deep.equal(['p']);
      expect(await ids({ collaborator: 'ada' })).to.deep.equal([]);
      const teams = async (member?: string) =>
        (await store.read.listTeams({ limit: 9 }, member)).map(({ team }) => team);
      expect([await teams(), await teams('ben'), await teams('ada')]).to.deep.equal([['t', 'u'], ['t'], []]);
    });

    it('go page by page, with the kind of each collaborator', async () => {
      const { read } = store;
      const first = await read.listCollaborators('p', { limit: 1 });
      const rest = await read.listCollaborators('p', { limit: 9, after: { id: 'ben' } });
      expect([...first, ...rest].map(({ principal, kind }) => [principal, kind])).to.deep.equal([
        ['ben', 'user'],
        ['robot', 'application'],
      ]);
      expect(await read.listTeamCollaborators('p', { limit: 9, after: { id: 't' } })).to.have.length(1);
      expect(await read.listCollaborators('p', { limit: 9, search: 'ROB' })).to.have.length(1);
      expect(await read.listTeamMembers('t', { limit: 9, after: { id: 'ben' } })).to.deep.equal([]);
    });
  });
}
