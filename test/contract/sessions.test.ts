import { expect } from 'chai';
import type { SessionRecord } from '../../src/store/records.ts';
import type { Store, Writes } from '../../src/store/store.ts';
import { author, engines, fillSite, rejectedCode } from '../support/store.ts';

const never = 4_000_000_000_000;
const sessionOf = (username: string, changes: Partial<SessionRecord> = {}): SessionRecord => ({
  username,
  sign_in_method: 'link',
  created_at: 1,
  last_used_at: 1,
  expires_at: never,
  ...changes,
});
const linkOf = (username: string) => ({ username, made_by: 'ada', expires_at: never });
const identity = { issuer: 'https://id.example.org', subject: 'sub-1' };

for (const { name, open } of engines) {
  describe(`store contract on ${name}: what signs users in`, () => {
    let store: Store;
    const write = <T>(change: (writes: Writes) => Promise<T>) => store.write(author, change);
    const isThere = async (digest: string) => (await store.read.findSession(digest)) !== undefined;
    beforeEach(async () => {
      store = await open();
      await write(fillSite);
    });
    afterEach(() => store.close());

    it('finds a session with its user until it is deleted', async () => {
      await write(writes => writes.insertSession('s1', sessionOf('ben')));
      const found = await store.read.findSession('s1');
      expect(found).to.deep.equal({ session: sessionOf('ben'), user: await store.read.findUser('ben') });
      await write(writes => writes.deleteSession('s1'));
      expect(await isThere('s1')).to.equal(false);
    });

    it('notes uses of a session, never an earlier one, without a revision', async () => {
      const { revision } = await write(writes => writes.insertSession('s1', sessionOf('ben')));
      for (const at of [70, 50]) {
        await store.touchSession('s1', at);
      }
      await store.touchSession('unknown', 70);
      expect((await store.read.findSession('s1'))?.session.last_used_at).to.equal(70);
      expect((await store.head()).revision).to.equal(revision);
    });

    it('keeps 100 sessions of a user, those that were used last, and none whose time is over', async () => {
      for (let n = 0; n < 101; n += 1) {
        await write(writes => writes.insertSession(`s${n}`, sessionOf('ben', { last_used_at: n })));
      }
      await write(writes => writes.insertSession('over', sessionOf('ada', { expires_at: 1 })));
      expect(await Promise.all(['s0', 's1', 's100', 'over'].map(isThere))).to.deep.equal([false, true, true, true]);
      await write(writes => writes.insertSession('other', sessionOf('ada')));
      expect(await Promise.all(['s1', 's100', 'over', 'other'].map(isThere))).to.deep.equal([true, true, false, true]);
    });

    it('answers a link once', async () => {
      await write(writes => writes.insertSignInLink('l1', linkOf('ben')));
      expect(await store.read.findSignInLink('l1')).to.deep.equal(linkOf('ben'));
      expect((await write(writes => writes.takeSignInLink('l1'))).result).to.deep.equal(linkOf('ben'));
      expect((await write(writes => writes.takeSignInLink('l1'))).result).to.equal(undefined);
    });

    it('B37a ends sessions and links of a deactivated user in the revision that deactivates it, and makes none', async () => {
      await write(async writes => {
        await writes.insertSession('s1', sessionOf('ben'));
        await writes.insertSignInLink('l1', linkOf('ben'));
      });
      const before = await store.head();
      const { revision } = await write(writes => writes.updateUser('ben', { deactivated: true }));
      expect(revision).to.equal(before.revision + 1);
      expect([await isThere('s1'), await store.read.findSignInLink('l1')]).to.deep.equal([false, undefined]);
      for (const make of [
        (writes: Writes) => writes.insertSession('s2', sessionOf('ben')),
        (writes: Writes) => writes.insertSignInLink('l2', linkOf('ben')),
      ]) {
        expect(await rejectedCode(write(make))).to.equal('not_found');
      }
    });

    it('T27 ends the sessions of a user whose role changes, and no other change ends them', async () => {
      await write(writes => writes.insertSession('s1', sessionOf('ben')));
      await write(writes => writes.updateUser('ben', { name: 'Ben', site_admin: false }));
      expect(await isThere('s1')).to.equal(true);
      await write(writes => writes.updateUser('ben', { site_admin: true }));
      expect(await isThere('s1')).to.equal(false);
    });

    it('T53 S3 ends all sessions and links with an identity that goes or is replaced, and with a legacy key all but the one that is kept', async () => {
      const methods = ['legacy_key', 'link', 'oidc'] as const;
      const left = async () => Promise.all(methods.map(isThere));
      const signIn = async (writes: Writes) => {
        for (const method of methods) {
          await writes.insertSession(method, sessionOf('ben', { sign_in_method: method }));
        }
        await writes.insertSignInLink('l1', linkOf('ben'));
      };
      const changes: ((writes: Writes) => Promise<void>)[] = [
        writes => writes.putOidcIdentity('ben', { ...identity, subject: 'sub-2' }),
        writes => writes.deleteOidcIdentity('ben'),
      ];
      await write(signIn);
      await write(writes => writes.putOidcIdentity('ben', identity));
      expect(await left()).to.deep.equal([true, true, true]);
      for (const change of changes) {
        await write(change);
        expect(await left()).to.deep.equal([false, false, false]);
        expect(await store.read.findSignInLink('l1')).to.equal(undefined);
        await write(signIn);
      }
      await write(writes => writes.setLegacyKey('ben', 'e'.repeat(64), { keptSession: 'link' }));
      expect(await left()).to.deep.equal([false, true, false]);
      await write(writes => writes.setLegacyKey('ben', 'f'.repeat(64)));
      expect(await left()).to.deep.equal([false, false, false]);
    });

    it('T34 knows a user by issuer and subject together, and gives nobody the identity of another', async () => {
      await write(writes => writes.putOidcIdentity('ben', identity));
      expect((await store.read.findUserByOidcIdentity(identity))?.username).to.equal('ben');
      for (const other of [{ issuer: 'https://evil.example.org' }, { subject: 'sub-2' }, { subject: 'SUB-1' }]) {
        expect(await store.read.findUserByOidcIdentity({ ...identity, ...other })).to.equal(undefined);
      }
      expect(await rejectedCode(write(writes => writes.putOidcIdentity('ada', identity)))).to.equal('conflict');
      await write(writes => writes.putOidcIdentity('ben', { ...identity, subject: 'sub-2' }));
      expect(await store.read.findUserByOidcIdentity(identity)).to.equal(undefined);
    });

    it('lets a later user of a name inherit neither session, link nor identity', async () => {
      await write(async writes => {
        await writes.insertSession('s1', sessionOf('ben'));
        await writes.insertSignInLink('l1', linkOf('ben'));
        await writes.putOidcIdentity('ben', identity);
        await writes.deleteUser('ben');
      });
      expect(await isThere('s1')).to.equal(false);
      expect(await store.read.findSignInLink('l1')).to.equal(undefined);
      expect(await store.read.findUserByOidcIdentity(identity)).to.equal(undefined);
    });
  });
}
