import { expect } from 'chai';
import { FlatIndex } from '../../src/snapshot/flat-index.ts';
import type { ApiKeyFilter } from '../../src/store/api-key-store.ts';
import type { PageMark } from '../../src/store/page-query.ts';
import type { Store, UserFilter, Writes } from '../../src/store/store.ts';
import {
  author,
  engines,
  everythingIn,
  fillSite,
  keyOf,
  modelOf,
  projectOf,
  rejectedCode,
  user,
} from '../support/store.ts';

for (const { name, open } of engines) {
  describe(`store contract on ${name}: the change feed`, () => {
    let store: Store;
    const write = <T>(change: (writes: Writes) => Promise<T>) => store.write(author, change);
    beforeEach(async () => {
      store = await open();
      await write(fillSite);
    });
    afterEach(() => store.close());

    it('gives each write the next revision, and a write that changes nothing none', async () => {
      const first = await write(writes => writes.updateUser('ada', { name: 'Ada' }));
      const same = await write(writes => writes.updateUser('ada', { name: 'Ada' }));
      const next = await write(writes => writes.updateUser('ada', { name: 'A.' }));
      expect([first.revision, same.revision, next.revision]).to.deep.equal([2, 2, 3]);
    });

    it('keeps nothing of a write that fails, and takes no revision for it', async () => {
      const failing = write(async writes => {
        await writes.insertUser(user('cleo'));
        throw new Error('changed my mind');
      });
      await failing.catch(() => undefined);
      expect(await store.read.findUser('cleo')).to.equal(undefined);
      expect((await store.head()).revision).to.equal(1);
    });

    it('leaves no gap under 50 writes at once', async () => {
      const all = Array.from({ length: 50 }, (_, n) => write(writes => writes.insertUser(user(`u${n}`))));
      const revisions = (await Promise.all(all)).map(({ revision }) => revision);
      expect(revisions.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 50 }, (_, n) => n + 2));
      const sets = await store.changesSince(1);
      expect(sets.map(({ revision }) => revision)).to.deep.equal(revisions);
    });

    it('feeds the same state by change sets as by everything', async () => {
      const before = await everythingIn(store);
      await write(writes => writes.insertApiKeys([{ key: keyOf('k2', 'ada'), digest: 'e'.repeat(64) }]));
      await write(writes => writes.updateModel('fraud', { access_key: 'm-another-access-key' }));
      await write(writes => writes.deleteCollaborator('p', 'ben'));
      const followed = FlatIndex.build(before);
      for (const { revision, changes } of await store.changesSince(before.revision)) {
        followed.apply(revision, changes);
      }
      expect(followed.everything()).to.deep.equal(FlatIndex.build(await everythingIn(store)).everything());
    });

    it('ends what it began where whoever takes the whole content gives up amid it', async () => {
      for await (const _ of store.everything()) break;
      const failing = async () => {
        for await (const _ of store.everything()) throw new Error('changed my mind');
      };
      expect(await failing().catch((error: Error) => error.message)).to.equal('changed my mind');
      expect((await write(writes => writes.updateUser('ada', { name: 'Ada' }))).revision).to.equal(2);
    });

    it('B28 feeds digests and names, no access key in clear', async () => {
      const text = JSON.stringify([await everythingIn(store), await store.changesSince(0)]);
      for await (const { page } of store.everything()) {
        expect(page?.bytes.toString() ?? '').to.not.contain('m-access-key-of-fraud');
      }
      expect(text).to.not.contain('m-access-key-of-fraud');
      expect(text).to.contain('d'.repeat(64));
    });

    it('B37 audits every change in its own transaction, with who, what, when and where from', async () => {
      const { revision } = await write(writes => writes.deleteApiKey('k1'));
      const [event] = await store.read.listAuditEvents({ limit: 1 });
      const { id: _, at, ...rest } = event ?? { id: 0, at: 0 };
      expect(at).to.be.closeTo(Date.now(), 60_000);
      expect(rest).to.deep.equal({
        revision,
        actor: 'tester',
        address: '127.0.0.1',
        action: 'api_key.delete',
        target: 'k1',
        project_id: null,
        details: { principal: 'ben' },
      });
    });

    it('B37 keeps keys and digests out of the audit', async () => {
      await write(writes => writes.updateModel('fraud', { access_key: 'm-another-access-key' }));
      await write(writes => writes.setLegacyKey('ben', 'f'.repeat(64)));
      const text = JSON.stringify(await store.read.listAuditEvents({ limit: 100 }));
      for (const hidden of ['m-access-key', 'm-another', 'd'.repeat(64), 'f'.repeat(64)]) {
        expect(text).to.not.contain(hidden);
      }
    });
  });

  describe(`store contract on ${name}: things`, () => {
    let store: Store;
    const write = <T>(change: (writes: Writes) => Promise<T>) => store.write(author, change);
    before(async () => {
      store = await open();
      await write(fillSite);
    });
    after(() => store.close());

    it('refuses ids, keys and names that are taken with conflict', async () => {
      const taken: ((writes: Writes) => Promise<void>)[] = [
        writes => writes.insertUser(user('ada')),
        writes => writes.insertApplication({ name: 'ada', owner: 'ben', deactivated: false, created_at: 1 }),
        writes => writes.insertTeam({ team: 't', created_at: 1 }),
        writes => writes.insertProject(projectOf('p', 'ada')),
        writes => writes.insertModel(modelOf('fraud', 'p')),
        writes => writes.insertModel({ ...modelOf('copy', 'p'), access_key: 'm-access-key-of-fraud' }),
        writes => writes.insertApiKeys([{ key: keyOf('k1', 'ada'), digest: 'a'.repeat(64) }]),
        writes => writes.insertApiKeys([{ key: keyOf('k9', 'ada'), digest: 'd'.repeat(64) }]),
      ];
      for (const change of taken) {
        expect(await rejectedCode(write(change)), change.toString()).to.equal('conflict');
      }
    });

    it('B49 T58 refuses names that differ by case alone, or are reserved, with conflict, one by one and many at once', async () => {
      const named = (username: string) => ({ user: user(username), legacyKeyDigest: username.padEnd(64, 'f') });
      const taken: ((writes: Writes) => Promise<void>)[] = [
        ...['ADA', 'Ben', 'system', 'System', 'api_key:k1', 'Modelgate:system'].flatMap(name => [
          (writes: Writes) => writes.insertUser(user(name)),
          (writes: Writes) => writes.insertUsers([named('new'), named(name)]),
          (writes: Writes) => writes.insertApplication({ ...user(name), name, owner: 'ben' }),
        ]),
        writes => writes.insertUsers([named('Zoe'), named('zoe')]),
      ];
      for (const change of taken) {
        expect(await rejectedCode(write(change)), change.toString()).to.equal('conflict');
      }
      const free = await Promise.all(['new', 'aDa', 'SYSTEM'].map(name => store.read.isNameFree(name)));
      expect(free).to.deep.equal([true, false, false]);
      expect(await store.read.findUnclearNames(10)).to.deep.equal([]);
    });

    it('refuses what names something that is not there with not_found', async () => {
      const missing: ((writes: Writes) => Promise<unknown>)[] = [
        writes => writes.updateUser('nobody', { name: 'x' }),
        writes => writes.updateApplication('nobody', { owner: 'ada' }),
        writes => writes.putTeamMember('t', 'nobody', 'read'),
        writes => writes.putTeamMember('no-team', 'ada', 'read'),
        writes => writes.deleteTeamMember('t', 'ada'),
        writes => writes.insertProject(projectOf('q', 'nobody')),
        writes => writes.updateProject('q', { name: 'x' }),
        writes => writes.putCollaborator('p', 'nobody', 'read'),
        writes => writes.putCollaborator('q', 'ada', 'read'),
        writes => writes.deleteCollaborator('p', 'ada'),
        writes => writes.putTeamCollaborator('p', 'no-team', 'inherit', 'read'),
        writes => writes.deleteTeamCollaborator('p', 'no-team'),
        writes => writes.insertModel(modelOf('m', 'q')),
        writes => writes.updateModel('m', { name: 'x' }),
        writes => writes.updateApiKeys([{ key_id: 'k9', changes: { comments: 'x' } }]),
        writes => writes.deleteApiKey('k9'),
      ];
      for (const change of missing) {
        expect(await rejectedCode(write(change)), change.toString()).to.equal('not_found');
      }
    });

    it('pages lists by id, and searches parts of names without patterns', async () => {
      await write(async writes => {
        for (const username of ['p_1', 'p_2', 'p%3', 'P_4']) {
          await writes.insertUser(user(username));
        }
      });
      const names = async (page: Parameters<Store['read']['listUsers']>[0]) =>
        (await store.read.listUsers(page, 0)).map(({ username }) => username);
      expect(await names({ limit: 2, search: 'p_' })).to.deep.equal(['P_4', 'p_1']);
      expect(await names({ limit: 2, search: 'p_', after: { id: 'p_1' } })).to.deep.equal(['p_2']);
      expect(await names({ limit: 9, search: '%' })).to.deep.equal(['p%3']);
    });

    it('walks a sorted list page by page without losing or repeating an entry, in both directions', async () => {
      await write(async writes => {
        await writes.insertUser(user('sorted'));
        for (const [at, keyId] of ['s1', 's2', 's3', 's4', 's5'].entries()) {
          const key = { ...keyOf(keyId, 'sorted'), expires_at: at % 2 === 0 ? null : 5000 };
          await writes.insertApiKeys([{ key, digest: `${at}`.repeat(64) }]);
        }
      });
      await store.recordKeyUses([{ key_id: 's2', model_id: 'fraud', at: 3000 }]);
      for (const field of ['key_id', 'expires_at', 'last_used_at'] as const) {
        for (const descending of [false, true]) {
          const whole = await walk({ field, descending }, 100);
          expect(whole).to.have.members(['s1', 's2', 's3', 's4', 's5']);
          expect(await walk({ field, descending }, 2), field).to.deep.equal(whole);
        }
      }
      expect((await walk({ field: 'last_used_at', descending: true }, 2))[0]).to.equal('s2');
    });

    async function walk(sort: { field: 'key_id' | 'expires_at' | 'last_used_at'; descending: boolean }, limit: number) {
      const seen: string[] = [];
      let after: PageMark | undefined;
      for (;;) {
        const page = await store.read.listApiKeys('sorted', { limit, after, sort });
        seen.push(...page.map(({ key_id }) => key_id));
        const last = page.at(-1);
        if (page.length < limit || !last) return seen;
        after = { id: last.key_id, value: last[sort.field] ?? -1 };
      }
    }

    it('B32 finds keys and users last used before an instant, and those with expired keys', async () => {
      const ids = async (filter: ApiKeyFilter) =>
        (await store.read.listApiKeys('sorted', { limit: 9 }, filter)).map(({ key_id }) => key_id);
      expect(await ids({ lastUsedBefore: 3000 })).to.deep.equal(['s1', 's3', 's4', 's5']);
      expect(await ids({ lastUsedBefore: 0 })).to.deep.equal([]);
      expect(await ids({ expiresBefore: 5001 })).to.deep.equal(['s2', 's4']);
      expect(await ids({ expired: { is: true, now: 5000 } })).to.deep.equal(['s2', 's4']);
      expect(await ids({ expired: { is: false, now: 4999 } })).to.have.length(5);
      const names = async (filter: UserFilter) =>
        (await store.read.listUsers({ limit: 9, search: 'sorted' }, 5000, filter)).map(({ username }) => username);
      expect(await names({ lastUsedBefore: 3001 })).to.deep.equal(['sorted']);
      expect(await names({ lastUsedBefore: 3000 })).to.deep.equal([]);
      expect(await names({ expired: true })).to.deep.equal(['sorted']);
      expect(await names({ expired: false })).to.deep.equal([]);
    });

    it('B32 keeps the newest use of a key, and minds no unknown one', async () => {
      await store.recordKeyUses([{ key_id: 'k1', model_id: 'fraud', at: 2000 }]);
      await store.recordKeyUses([
        { key_id: 'k1', model_id: 'older', at: 1000 },
        { key_id: 'unknown', model_id: 'fraud', at: 3000 },
      ]);
      const key = await store.read.findApiKey('k1');
      expect([key?.last_used_at, key?.last_used_model]).to.deep.equal([2000, 'fraud']);
      expect((await store.read.summarizeUser('ben', 0))?.last_used_at).to.equal(2000);
    });

    it('B45 adds up whom shadow would refuse, tells a bounded number of callers apart, and forgets with the model', async () => {
      const count = (address: string, at: number) =>
        ({
          model_id: 'fraud',
          reason: 'api_key_missing',
          principal: '',
          key_id: '',
          address,
          count: 1,
          last_at: at,
        }) as const;
      await store.recordShadowDenials([
        count('10.0.0.1', 1000),
        count('10.0.0.1', 900),
        { ...count('x', 1), model_id: 'none' },
      ]);
      await store.recordShadowDenials(
        Array.from({ length: 1500 }, (_, n) => count(`10.1.${n >> 8}.${n & 255}`, 2000 + n)),
      );
      const [most, first] = await store.read.listShadowDenials('fraud', {
        limit: 2,
        sort: { field: 'count', descending: true },
      });
      expect(most).to.include({ address: '', count: 501, first_at: 2999, last_at: 3499 });
      expect(first).to.include({ address: '10.0.0.1', count: 2, first_at: 1000, last_at: 1000 });
      expect(await store.read.listShadowDenials('none', { limit: 9 })).to.deep.equal([]);
      expect(await store.read.findShadowCount('fraud')).to.equal(undefined);
      await write(writes => writes.updateModel('fraud', { auth_enabled: false, auth_shadow: true }));
      await store.recordShadowDenials([count('10.0.0.1', 1000), { ...count('', 1000), reason: '', count: 4 }]);
      expect(await store.read.findShadowCount('fraud')).to.include({ calls: 5, refused: 1 });
    });

    it('B37a ends the keys of a deactivated user in one revision, and keeps them listed', async () => {
      await write(async writes => {
        await writes.insertUser(user('dora'));
        await writes.setLegacyKey('dora', 'b'.repeat(64));
        await writes.insertApiKeys([{ key: keyOf('k3', 'dora'), digest: 'c'.repeat(64) }]);
      });
      const { revision } = await write(writes => writes.updateUser('dora', { deactivated: true }));
      const [set] = await store.changesSince(revision - 1);
      expect(set?.changes).to.deep.equal([
        { op: 'put', kind: 'principal', row: { principal: 'dora', principal_kind: 'user', active: false } },
        { op: 'delete', kind: 'api_key', id: 'k3' },
      ]);
      expect((await store.read.findApiKey('k3'))?.ended_at).to.be.a('number');
      await write(writes => writes.updateUser('dora', { deactivated: false }));
      expect(await store.read.findUserByLegacyKey('b'.repeat(64))).to.equal(undefined);
      expect(
        (await everythingIn(store)).puts.filter(({ row }) => 'key_id' in row && row.key_id === 'k3'),
      ).to.deep.equal([]);
    });
  });
}
