import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { digestOf } from '../../../src/keys/digest.ts';
import { adminClient } from '../../support/admin-client.ts';
import { accessKeyOf, statusOf } from '../../support/admin-site.ts';
import { restored as restoredInto } from '../../support/backups.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { serveAgain, startServer, type TestServer } from '../../support/server.ts';

/** Everybody's keys call its model. */
const openSite = {
  projects: [{ project_id: 'p', owner: { username: 'root' }, visibility: 'public', models: [{ model_id: 'fraud' }] }],
};

/** A key that was brought in from elsewhere, of a user or an application of its own. */
interface Imported {
  readonly name: string;
  readonly secret: string;
  /** What brings in the key with its owner. */
  readonly document: object;
  /** Where its owner stands. */
  readonly owner: string;
  readonly keyId: string;
}

/** The value in the line that a skipped step prints. */
const restoredIn = ({ reason }: { reason: string }) => /`restored: "([^"]+)"`/.exec(reason)?.[1];

type Step = (server: TestServer, key: Imported) => Promise<unknown>;
const apply = (server: TestServer, document: unknown, query = '') =>
  server.admin.post(`/api/v2/site:apply${query}`, document);

const hourMs = 3_600_000;
let ahead = 0;
/** Lets the time of an overlap pass. */
const wait = () => {
  ahead += 2 * hourMs;
};

const rotate = async (server: TestServer, { owner, keyId }: Imported, overlap_seconds: number) =>
  (await server.admin.post(`${owner}/v2_keys/${keyId}:rotate`, { overlap_seconds })).body.key_id;

const revocations: Readonly<Record<string, Step>> = {
  'deleted by itself': (server, { owner, keyId }) => server.admin.delete(`${owner}/v2_keys/${keyId}`),
  'deleted with all of its owner': (server, { owner }) => server.admin.delete(`${owner}/v2_keys`),
  'deleted with its owner': (server, { owner }) => server.admin.delete(owner),
  'pruned with its owner': (server, { owner }) =>
    apply(server, owner.includes('/users/') ? { users: [{ username: 'root' }] } : { applications: [] }, '?prune=true'),
  'ended with its owner': (server, { owner }) => server.admin.patch(owner, { deactivated: true }),
  'revoked by possession': (server, { secret }) =>
    adminClient(server.admin.url, secret).post('/api/v2/auth/revoke_key', {}),
  'revoked by possession, then deleted': async (server, { secret, owner, keyId }) => {
    await adminClient(server.admin.url, secret).post('/api/v2/auth/revoke_key', {});
    await server.admin.delete(`${owner}/v2_keys/${keyId}`);
  },
  'replaced at once': (server, key) => rotate(server, key, 0),
  'replaced, after its overlap': async (server, key) => {
    await rotate(server, key, 3600);
    wait();
  },
  'replaced, after its overlap, its successor deleted': async (server, key) => {
    await server.admin.delete(`${key.owner}/v2_keys/${await rotate(server, key, 3600)}`);
    wait();
  },
};

const given = ({ keyId, name, secret }: Imported, changes: object = {}) => ({
  api_keys: [{ key_id: keyId, username: name, digest: digestOf(secret), expiry_date: null, ...changes }],
});

const returns: Readonly<Record<string, Step>> = {
  'the same document': (server, { document }) => apply(server, document),
  'the same document, twice': async (server, { document }) => {
    await apply(server, document);
    await apply(server, document);
  },
  'its owner made anew, then the key': async (server, key) => {
    await server.admin.patch(key.owner, { deactivated: false });
    await server.admin.post('/api/v2/users', { username: key.name });
    await apply(server, given(key));
  },
  'another Key ID': async (server, key) => {
    await apply(server, { ...key.document, api_keys: [] });
    await apply(server, given(key, { key_id: `other-${key.keyId}` }));
  },
  'another owner': (server, key) => apply(server, given(key, { username: 'root' })),
  'another owner and Key ID': (server, key) =>
    apply(server, given(key, { username: 'root', key_id: `other-${key.keyId}` })),
};

describe('B30 T53 S4 an imported key that was ended', () => {
  let server: TestServer;
  let accessKey: string;
  before(async () => {
    server = await startServer({ now: () => Date.now() + ahead });
    await apply(server, openSite);
    accessKey = await accessKeyOf(server);
  });
  after(() => server.close());

  const bringIn = async (kind: 'users' | 'applications'): Promise<Imported> => {
    const [name, secret] = [`n${randomUUID()}`, randomUUID()];
    const owner = kind === 'users' ? { username: name } : { name, owner: 'root' };
    const key = { name, secret, owner: `/api/v2/${kind}/${name}`, keyId: `k-${name}`, document: {} };
    const document = { [kind]: [{ ...owner, deactivated: false }], ...given(key) };
    await apply(server, document);
    return { ...key, document };
  };
  const works = async (secret: string) => (await statusOf(server, accessKey, secret)) === 200;

  for (const kind of ['users', 'applications'] as const) {
    for (const [ended, revoke] of Object.entries(revocations)) {
      it(`of ${kind}, ${ended}, is brought back by nothing`, async () => {
        const alive: string[] = [];
        for (const [back, bringBack] of Object.entries(returns)) {
          const key = await bringIn(kind);
          expect(await works(key.secret)).to.equal(true);
          await revoke(server, key);
          expect(await works(key.secret), ended).to.equal(false);
          await bringBack(server, key);
          if (await works(key.secret)) alive.push(back);
        }
        expect(alive).to.deep.equal([]);
      });
    }
  }

  it('is skipped with a reason by a document that names it, and comes back by one that says so', async () => {
    const key = await bringIn('users');
    await server.admin.delete(`${key.owner}/v2_keys/${key.keyId}`);
    const [skipped] = (await apply(server, key.document)).body.steps;
    expect(skipped).to.include({ action: 'skip', kind: 'api_key', id: key.keyId });
    expect(skipped.reason).to.match(/^was deleted, revoked or replaced on \d{4}-\d\d-\d\d,.*`restored: "/);
    const restored = restoredIn(skipped);
    const plan = (await apply(server, given(key, { restored }), '?dry_run=true')).body.steps;
    expect(plan).to.deep.equal([
      { action: 'create', kind: 'api_key', id: key.keyId, opens: ['a key that was ended works again'] },
    ]);
    expect(await works(key.secret)).to.equal(false);
    await apply(server, given(key, { restored }));
    expect(await works(key.secret)).to.equal(true);
    const [event] = (await server.admin.get(`/api/v2/audit_events?target=${key.keyId}&page_size=1`)).body.audit_events;
    expect(event).to.deep.include({ action: 'api_key.create', actor: 'root' });
    expect(event.details).to.include({ restored });
    await server.admin.delete(`${key.owner}/v2_keys/${key.keyId}`);
    await apply(server, key.document);
    expect(await works(key.secret)).to.equal(false);
  });

  it('that was brought back, and ended once more, is not brought back by the same document again', async () => {
    const key = await bringIn('users');
    await server.admin.delete(`${key.owner}/v2_keys/${key.keyId}`);
    const [skipped] = (await apply(server, key.document)).body.steps;
    const document = given(key, { restored: restoredIn(skipped) });
    await apply(server, document);
    expect(await works(key.secret)).to.equal(true);
    ahead += 1;
    await server.admin.delete(`${key.owner}/v2_keys/${key.keyId}`);
    const [again] = (await apply(server, document)).body.steps;
    expect(again).to.include({ action: 'skip', id: key.keyId });
    expect(await works(key.secret)).to.equal(false);
    await apply(server, given(key, { restored: restoredIn(again) }));
    expect(await works(key.secret)).to.equal(true);
  });

  it('is named as restored by the instant of its end alone, and told so', async () => {
    const key = await bringIn('users');
    for (const restored of [true, false, 'yes', '2026-01-31']) {
      const { status, body } = await apply(server, given(key, { restored }));
      expect([status, body.details[0].field]).to.deep.equal([400, 'api_keys.0.restored']);
      expect(body.details[0].description).to.match(/instant in RFC 3339 .* --dry-run .* line to write/);
    }
  });

  it('goes on being ended while it is listed, whatever a document says', async () => {
    const key = await bringIn('users');
    await adminClient(server.admin.url, key.secret).post('/api/v2/auth/revoke_key', {});
    const { steps } = (await apply(server, given(key, { restored: new Date(0).toISOString() }))).body;
    expect(steps.map(({ action }: { action: string }) => action)).to.deep.equal(['skip']);
    expect(await works(key.secret)).to.equal(false);
  });

  it('keeps no other thing of the document from being done', async () => {
    const [dead, other] = [await bringIn('users'), await bringIn('users')];
    await server.admin.delete(`${dead.owner}/v2_keys`);
    await server.admin.delete(`${other.owner}/v2_keys`);
    const fresh = { key_id: `fresh-${dead.keyId}`, username: dead.name, digest: digestOf(randomUUID()) };
    const [skipped] = (await apply(server, given(other), '?dry_run=true')).body.steps;
    const back = given(other, { restored: restoredIn(skipped) });
    const api_keys = [...given(dead).api_keys, fresh, ...back.api_keys];
    const { status, body } = await apply(server, { api_keys });
    expect(status).to.equal(200);
    expect(body.steps.map(({ action, id }: { action: string; id: string }) => `${action} ${id}`)).to.deep.equal([
      `skip ${dead.keyId}`,
      `create ${fresh.key_id}`,
      `create ${other.keyId}`,
    ]);
  });

  it('cannot be a legacy key that was rotated', async () => {
    const key = await bringIn('users');
    const legacy = (await server.as(key.name)).key;
    await server.as(key.name);
    const document = { api_keys: [{ key_id: `l-${key.keyId}`, username: key.name, digest: digestOf(legacy) }] };
    expect((await apply(server, document)).body.steps).to.have.nested.property('0.action', 'skip');
    expect(await works(legacy)).to.equal(false);
  });
});

describe('B30 T53 an imported key that was deleted before a backup', () => {
  it('stays so once the backup is restored', async () => {
    const data = dataDirectory();
    const first = await startServer({ data });
    await apply(first, openSite);
    const document = { api_keys: [{ key_id: 'leaked', username: 'root', digest: digestOf('leaked') }] };
    await apply(first, document);
    await first.admin.delete('/api/v2/users/root/v2_keys/leaked');
    const { name } = (await first.admin.post('/api/v2/site:backup')).body;
    await first.close();
    const again = await serveAgain(restoredInto(data, name), first.admin);
    const { steps } = (await apply(again, document)).body;
    const status = await statusOf(again, await accessKeyOf(again), 'leaked');
    await again.close();
    expect(steps).to.have.nested.property('0.action', 'skip');
    expect(status).to.not.equal(200);
  });
});
