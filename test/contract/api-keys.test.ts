import { expect } from 'chai';
import { FlatIndex } from '../../src/snapshot/flat-index.ts';
import type { Store, Writes } from '../../src/store/store.ts';
import { author, engines, everythingIn, fillSite, followed, keyOf, rejectedCode } from '../support/store.ts';

const digest = (letter: string) => letter.repeat(64);
const hourMs = 3_600_000;

for (const { name, open } of engines) {
  describe(`store contract on ${name}: what becomes of API keys`, () => {
    let store: Store;
    const write = <T>(change: (writes: Writes) => Promise<T>) => store.write(author, change);
    const replace = (until: number, oldId = 'k1', newId = 'k2', letter = 'e') =>
      write(writes => writes.replaceApiKey(oldId, { key: keyOf(newId, 'ben'), digest: digest(letter) }, until));
    const rowOf = async (keyId: string) =>
      (await everythingIn(store)).puts.find(({ row }) => 'key_id' in row && row.key_id === keyId)?.row;
    beforeEach(async () => {
      store = await open();
      await write(fillSite);
    });
    afterEach(() => store.close());

    it('B43 lets a replaced key live until the end of its overlap, and shows who replaces whom', async () => {
      const until = Date.now() + hourMs;
      const before = await everythingIn(store);
      const { revision, result } = await replace(until);
      expect([revision, result]).to.deep.equal([before.revision + 1, until]);
      expect(await store.read.findApiKey('k1')).to.include({ expires_at: until, ended_at: null, replaced_by: 'k2' });
      expect(await store.read.findApiKey('k2')).to.include({ expires_at: null, replaces: 'k1', replaced_by: null });
      expect(await rowOf('k1')).to.include({ expires_at: until, digest: digest('d') });
      expect(await followed(store, before)).to.deep.equal(FlatIndex.build(await everythingIn(store)).everything());
    });

    it('B43 ends a key without an overlap in the revision of its successor', async () => {
      const before = await everythingIn(store);
      await replace(Date.now() - 1);
      const [set] = await store.changesSince(before.revision);
      expect(set?.changes.map(({ op, kind }) => `${op} ${kind}`)).to.deep.equal(['put api_key', 'delete api_key']);
      expect((await store.read.findApiKey('k1'))?.ended_at).to.be.a('number');
      expect(await rowOf('k1')).to.equal(undefined);
    });

    for (const [way, end] of Object.entries<(writes: Writes) => Promise<unknown>>({
      deleted: writes => writes.deleteApiKey('k1'),
      'deleted with all others': writes => writes.deleteApiKeysOf('ben'),
      'revoked, then deleted': async writes => {
        await writes.revokeApiKey('k1');
        await writes.deleteApiKey('k1');
      },
    })) {
      it(`B30 T53 takes a key that was ${way} back by name alone, by its Key ID and by its digest`, async () => {
        const key = keyOf('k1', 'ben');
        const old = { key_id: 'k1', digest: digest('d') };
        const other = { key_id: 'k7', digest: digest('d') };
        expect([...(await store.read.findRevokedKeys([old]))]).to.deep.equal([]);
        await write(end);
        for (const { key_id, digest: of } of [old, other, { key_id: 'k1', digest: digest('a') }]) {
          const stored = { key: { ...key, key_id }, digest: of };
          expect(await rejectedCode(write(writes => writes.insertApiKeys([stored])))).to.equal('conflict');
        }
        expect([...(await store.read.findRevokedKeys([old])).keys()]).to.deep.equal(['k1']);
        expect([...(await store.read.findRevokedKeys([other])).keys()]).to.deep.equal(['k7']);
        const ended = (await store.read.findRevokedKeys([old])).get('k1') ?? 0;
        const back = (restored: number) => write(w => w.insertApiKeys([{ key, digest: digest('d'), restored }]));
        expect(await rejectedCode(back(ended - 1))).to.equal('conflict');
        await back(ended);
        expect(await store.read.findApiKey('k1')).to.deep.equal(key);
        expect([...(await store.read.findRevokedKeys([old, other]))]).to.deep.equal([]);
      });
    }

    it('B43 forgets a successor or predecessor that is deleted', async () => {
      await replace(Date.now() + hourMs);
      await write(writes => writes.deleteApiKey('k2'));
      expect(await store.read.findApiKey('k1')).to.include({ replaced_by: null });
      await replace(Date.now() + hourMs, 'k1', 'k3', 'f');
      await write(writes => writes.deleteApiKey('k1'));
      expect(await store.read.findApiKey('k3')).to.include({ replaces: null });
    });

    it('B43 replaces nothing where the key is not there or the successor is taken', async () => {
      const { revision } = await store.head();
      expect(await rejectedCode(replace(0, 'k9'))).to.equal('not_found');
      expect(await rejectedCode(replace(0, 'k1', 'k2', 'd'))).to.equal('conflict');
      expect(await rejectedCode(replace(0, 'k1', 'k1'))).to.equal('conflict');
      expect((await store.head()).revision).to.equal(revision);
    });

    it('B43 never lengthens the life of a key, and brings none back that is ended or replaced', async () => {
      await write(writes => writes.updateApiKeys([{ key_id: 'k1', changes: { expires_at: Date.now() + hourMs } }]));
      const { expires_at } = (await store.read.findApiKey('k1')) ?? {};
      expect((await replace(Date.now() + 2 * hourMs)).result).to.equal(expires_at);
      expect(await store.read.findApiKey('k1')).to.include({ expires_at });
      expect(await rejectedCode(replace(Date.now() + hourMs, 'k1', 'k3', 'f'))).to.equal('conflict');
      await write(writes => writes.revokeApiKey('k2'));
      expect(await rejectedCode(replace(Date.now() + hourMs, 'k2', 'k3', 'f'))).to.equal('conflict');
      expect(await rowOf('k2')).to.equal(undefined);
    });

    it('B37 audits a rotation with both Key IDs and no digest', async () => {
      const { revision } = await replace(Date.now() + hourMs);
      const events = await store.read.listAuditEvents({ limit: 9, revision });
      expect(events.map(({ action, target }) => [action, target])).to.deep.equal([
        ['api_key.rotate', 'k1'],
        ['api_key.create', 'k2'],
      ]);
      expect(events[0]?.details).to.include({ principal: 'ben', replaced_by: 'k2' });
      expect(JSON.stringify(events)).to.not.contain(digest('d')).and.not.contain(digest('e'));
    });

    it('B46 revokes one key and no other, keeps it listed, and changes nothing the second time', async () => {
      await write(writes => writes.insertApiKeys([{ key: keyOf('k2', 'ben'), digest: digest('e') }]));
      const first = await write(writes => writes.revokeApiKey('k1'));
      const second = await write(writes => writes.revokeApiKey('k1'));
      expect(second.revision).to.equal(first.revision);
      expect([await rowOf('k1'), (await rowOf('k2')) !== undefined]).to.deep.equal([undefined, true]);
      expect((await store.read.findApiKey('k1'))?.ended_at).to.be.a('number');
      const [event] = await store.read.listAuditEvents({ limit: 1 });
      expect(event).to.deep.include({
        action: 'api_key.revoke_by_holder',
        target: 'k1',
        details: { principal: 'ben' },
      });
      expect(await rejectedCode(write(writes => writes.revokeApiKey('k9')))).to.equal('not_found');
    });

    it('B46 finds a key by its digest whatever became of it', async () => {
      await write(writes => writes.revokeApiKey('k1'));
      expect(await store.read.findApiKeyByDigest(digest('d'))).to.include({ key_id: 'k1' });
      expect(await store.read.findApiKeyByDigest(digest('e'))).to.equal(undefined);
    });

    it('B47 counts keys that expire soon: not those that have, are ended, have a successor or never expire', async () => {
      const keys = [1000, 1001, 2000, 2001].map((expires_at, at) => ({
        key: { ...keyOf(`e${at}`, 'ben'), expires_at },
        digest: digest(`${at}`),
      }));
      await write(writes => writes.insertApiKeys(keys));
      const count = () => store.read.countApiKeysExpiring(1000, 2000);
      expect(await count()).to.equal(2);
      await write(writes => writes.revokeApiKey('e1'));
      expect(await count()).to.equal(1);
      await replace(Date.now() + hourMs, 'e2');
      expect(await count()).to.equal(0);
    });

    it('counts who used a model lately by a living key, each once', async () => {
      const keys = ['c1', 'c2', 'c3', 'c4'].map((key_id, n) => ({
        key: keyOf(key_id, n < 2 ? 'ada' : 'ben'),
        digest: `${n}`.padStart(64, 'c'),
      }));
      await write(writes => writes.insertApiKeys(keys));
      const uses = (['c1', 'c2', 'c3'] as const).map((key_id, n) => ({
        key_id,
        model_id: 'fraud',
        at: 1000 * (n + 1),
      }));
      await store.recordKeyUses([...uses, { key_id: 'c4', model_id: 'churn', at: 9000 }]);
      expect([
        await store.read.countCallers('fraud', 1000),
        await store.read.countCallers('fraud', 3000),
      ]).to.deep.equal([2, 1]);
      await write(writes => writes.revokeApiKey('c3'));
      expect(await store.read.countCallers('fraud', 1000)).to.equal(1);
      expect(await store.read.countCallers('none', 0)).to.equal(0);
    });

    it('B32 notes many uses, of one key the newest, and a use of a key that was deleted not at all', async () => {
      const ids = Array.from({ length: 2600 }, (_, n) => `m${n}`);
      const keys = ids.map((key_id, n) => ({ key: keyOf(key_id, 'ben'), digest: `${n}`.padStart(64, '0') }));
      await write(writes => writes.insertApiKeys(keys));
      const uses = ids.map((key_id, n) => ({ key_id, model_id: `model-${n}`, at: 5000 + n }));
      await store.recordKeyUses([
        { key_id: 'm9', model_id: 'older', at: 4000 },
        { key_id: 'm10', model_id: 'newest', at: 9000 },
        ...uses,
        { key_id: 'm7', model_id: 'newest', at: 9000 },
        { ...uses[8], at: 1 } as never,
      ]);
      const known = await store.read.findApiKeys(['m0', 'm7', 'm8', 'm9', 'm10', 'm2599', 'k1']);
      const shown = [...known].map(([id, { key }]) => [id, key.last_used_at, key.last_used_model]);
      expect(shown).to.have.deep.members([
        ['k1', null, null],
        ['m0', 5000, 'model-0'],
        ['m10', 9000, 'newest'],
        ['m2599', 7599, 'model-2599'],
        ['m7', 9000, 'newest'],
        ['m8', 5008, 'model-8'],
        ['m9', 5009, 'model-9'],
      ]);
      expect((await store.head()).revision).to.equal(2);
    });
  });
}
