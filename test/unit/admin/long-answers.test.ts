import { expect } from 'chai';
import fastify from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { writeLongAnswersInTurns } from '../../../src/admin/turns/long-answers.ts';

const entry = z.object({ id: z.number(), note: z.string().optional() });
const list = z.object({ entries: z.array(entry), others: z.array(z.string()).optional(), next_page_token: z.string() });

describe('T33 an answer with a long list', () => {
  const server = fastify();
  let answer: unknown;
  before(() => {
    server.setSerializerCompiler(serializerCompiler);
    writeLongAnswersInTurns(server);
    server.get('/', { schema: { response: { 200: list } } }, async () => answer as never);
  });
  after(() => server.close());

  const written = async (count: number, more: object = {}) => {
    const entries = Array.from({ length: count }, (_, id) => ({ id, note: id % 2 === 0 ? 'ü"' : undefined, ...more }));
    answer = { next_page_token: 'x', unknown: 1, entries };
    return server.inject('/');
  };

  it('is as one that is written in one go, whatever its length', async () => {
    for (const count of [0, 1, 50, 51, 100, 149, 1000]) {
      const { statusCode, body, headers } = await written(count, { secret: 'x' });
      const entries = Array.from({ length: count }, (_, id) => ({ id, ...(id % 2 === 0 ? { note: 'ü"' } : {}) }));
      expect(statusCode).to.equal(200);
      expect(body, `${count} entries`).to.equal(JSON.stringify({ entries, next_page_token: 'x' }));
      expect(headers['content-type']).to.equal('application/json; charset=utf-8');
    }
  });

  it('is refused where an entry is not as its schema says', async () => {
    expect((await written(51, { id: 'one' })).statusCode).to.equal(500);
    expect((await written(1, { id: 'one' })).statusCode).to.equal(500);
  });
});
