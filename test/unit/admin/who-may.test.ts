import { expect } from 'chai';
import type { FastifyRequest } from 'fastify';
import type { AdminContext } from '../../../src/admin/context.ts';
import { requireModel } from '../../../src/admin/who-may.ts';
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
