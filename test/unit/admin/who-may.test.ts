import { expect } from 'chai';
import type { FastifyRequest } from 'fastify';
import type { AdminContext } from '../../../src/admin/context.ts';
import { onTeam, requireModel, requireOnProject } from '../../../src/admin/who-may.ts';
import { storedPermission } from '../../../src/server/stored-permission.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { author, modelOf, openSqlite, projectOf, user } from '../../support/store.ts';

describe('T30 a right that was found before a change has its turn', () => {
  it('is none to a model of another project that got the id meanwhile', async () => {
    const store = await openSqlite(dataDirectory());
    await store.write(author, async writes => {
      await writes.insertUser(user('ada'));
      await writes.insertProjects([projectOf('p', 'ada'), projectOf('q', 'ada')]);
      await writes.insertModel(modelOf('m', 'p'));
    });
    const request = { caller: user('root', true), demands: [] } as unknown as FastifyRequest;
    await requireModel({ store } as AdminContext, request, { project_id: 'p', model_id: 'm' }, 'write');
    await store.write(author, async writes => {
      await writes.deleteModel('m');
      await writes.insertModel(modelOf('m', 'q'));
    });
    const late = await Promise.all(request.demands.map(async demand => demand(store.read))).catch(fault => fault);
    await store.close();
    expect(late).to.have.property('message', 'there is no model m in project p');
  });
});

describe('T52 a right that the snapshot still shows', () => {
  it('is none once the store knows that it was taken away', async () => {
    const store = await openSqlite(dataDirectory());
    await store.write(author, async writes => {
      await writes.insertUsers(['own', 'mal'].map(name => ({ user: user(name), legacyKeyDigest: name })));
      await writes.insertProject(projectOf('p', 'own'));
      await writes.putCollaborator('p', 'mal', 'admin');
      await writes.insertTeam({ team: 't', created_at: 1 });
      await writes.putTeamMember('t', 'mal', 'admin');
    });
    const context = { store, storedPermission, permissionOn: () => 'admin', permissionInTeam: () => 'admin' };
    const request = { caller: user('mal'), demands: [], params: { team: 't' } } as unknown as FastifyRequest;
    await requireOnProject(context as unknown as AdminContext, request, 'p', 'admin');
    await onTeam(context as unknown as AdminContext, 'admin')(request);
    const asked = () => Promise.all(request.demands.map(async demand => await demand(store.read)));
    expect(await asked()).to.have.length(2);
    await store.write(author, writes => writes.deleteCollaborator('p', 'mal'));
    expect(await asked().catch(fault => fault)).to.have.property('message', 'there is no project p');
    await store.write(author, async writes => {
      await writes.putCollaborator('p', 'mal', 'admin');
      await writes.deleteTeamMember('t', 'mal');
    });
    const late = await asked().catch(fault => fault);
    await store.close();
    expect(late).to.have.property('message', 'there is no team t');
  });
});
