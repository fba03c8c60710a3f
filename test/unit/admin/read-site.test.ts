import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { type SitePart, siteParts } from '../../../src/admin/schemas/site.ts';
import { parseSite } from '../../../src/admin/site/document/parse-site.ts';
import { readSite } from '../../../src/admin/site/document/read-site.ts';
import { sitePieces } from '../../../src/admin/site/document/site-pieces.ts';
import { jsonPieces } from '../../../src/admin/turns/json-pieces.ts';

const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));

/** Lists of every length that is handed over in another way, empty ones too. */
const large = {
  settings: { gateway_url: '' },
  users: many(2500, n => ({ username: `user-${n}`, name: 'ü'.repeat(60) })),
  teams: [{ team: 'none' }, { team: 'small', members: [] }, { team: 'crew', members: many(250, member) }],
  projects: many(230, n => ({
    project_id: `p-${n}`,
    ...(n % 3 === 0 ? {} : { collaborators: many(n % 45, member), models: many(n % 2 === 0 ? n : 1, model(n)) }),
  })),
  api_keys: [],
};

function member(n: number) {
  return { username: `user-${n}`, permission: 'read' };
}

function model(project: number) {
  return (n: number) => ({ model_id: `m-${project}-${n}` });
}

/** In chunks as a connection would bring them, which end anywhere, within a letter too. */
function chunksOf(body: string): Buffer[] {
  const bytes = Buffer.from(body);
  const chunkBytes = 60_001;
  return many(Math.ceil(bytes.length / chunkBytes), n => bytes.subarray(n * chunkBytes, (n + 1) * chunkBytes));
}

const toChunks = (document: unknown) => chunksOf(JSON.stringify(document));

describe('T33 a site document that is read in a thread of its own', () => {
  it('comes out as one that is read in one go', async () => {
    expect(toChunks(large).length).to.be.greaterThan(3);
    expect(await readSite(toChunks(large))).to.deep.equal(await parseSite(large));
  });

  it('is handed over in pieces none of which is large', () => {
    const sizeOf = (piece: unknown) => JSON.stringify(piece).length;
    const sizes = [...sitePieces(siteParts as SitePart, large)].map(sizeOf);
    expect(Math.max(...sizes)).to.be.below(120_000);
    expect(sizes.length).to.be.greaterThan(30);
  });

  it('is refused with the same faults as one that is read here', async () => {
    const faulty = {
      ...large,
      users: [...large.users, { username: 'a b' }],
      projects: [{ project_id: 'p', owner: 7 }],
    };
    const faultsOf = (read: Promise<unknown>) =>
      read.then(
        () => undefined,
        ({ message, details }) => ({ message, details }),
      );
    const found = await faultsOf(readSite(toChunks(faulty)));
    expect(found).to.deep.equal(await faultsOf(parseSite(faulty)));
    expect(found?.details[0].field).to.equal('users.2500.username');
  });

  it('is refused where it is no JSON, or brings names that JavaScript knows', async () => {
    const messageOf = (body: string) =>
      readSite(chunksOf(body)).then(
        () => '',
        ({ message }) => message,
      );
    const padding = ' '.repeat(200_000);
    for (const body of ['{"users":', `{"users":${padding}`]) {
      expect(await messageOf(body)).to.equal('the body is no valid JSON');
    }
    for (const body of ['{"__proto__":{}}', `{"__proto__":{}}${padding}`]) {
      expect(await messageOf(body)).to.equal('__proto__: there is no such field');
    }
    expect(await messageOf('')).to.equal('the request: send a JSON object as the body');
  });
});

describe('T33 an answer that is written in pieces', () => {
  it('is the JSON of the whole', async () => {
    for (const answer of [large, {}, { a: [], b: undefined, c: [1], d: null, e: { f: 'ü' } }]) {
      const written = await text(Readable.from(jsonPieces(answer)));
      expect(written).to.equal(JSON.stringify(answer));
    }
  });
});
