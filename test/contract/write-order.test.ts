import { expect } from 'chai';
import type { Store, WriteKind } from '../../src/store/store.ts';
import { engines, user } from '../support/store.ts';

for (const { name, open } of engines) {
  describe(`T55 S11 order of writes: ${name}`, () => {
    it('lets a revocation go before all ordinary writes that wait, and each actor in its turn', async () => {
      const store = await open();
      const { order, write, release } = heldStore(store);
      const asked = [
        ...['mal 1', 'mal 2', 'mal 3'].map(text => write(text)),
        write('ben 1'),
        write('mal ends', 'revocation'),
        write('ada ends', 'revocation'),
      ];
      release();
      await Promise.all(asked);
      expect(order).to.deep.equal(['mal ends', 'ada ends', 'mal 1', 'ben 1', 'mal 2', 'mal 3']);
      await store.close();
    });

    it('lets an ordinary write go after eight revocations, so that they keep nobody out', async () => {
      const store = await open();
      const { order, write, release } = heldStore(store);
      const revocations = Array.from({ length: 10 }, (_, at) => `mal ${at}`);
      const asked = [write('ada'), ...revocations.map(text => write(text, 'revocation'))];
      release();
      await Promise.all(asked);
      expect(order.indexOf('ada')).to.equal(8);
      await store.close();
    });

    it('gives actors that say so one turn together, so that many keys are not many people', async () => {
      const store = await open();
      const { order, write, release } = heldStore(store);
      const asked = [
        ...['key1 a', 'key2 b', 'key3 c'].map(text => write(text, 'revocation', 'holders')),
        write('ada ends', 'revocation'),
      ];
      release();
      await Promise.all(asked);
      expect(order).to.deep.equal(['key1 a', 'ada ends', 'key2 b', 'key3 c']);
      await store.close();
    });

    it('goes on after a write that is refused', async () => {
      const store = await open();
      const { order, write, release } = heldStore(store);
      const author = { actor: 'mal', address: '' };
      const failing = store.write(author, writes => writes.deleteUser('nobody')).catch(fault => fault.code);
      const next = write('ben');
      release();
      expect([await failing, (await next).result, order]).to.deep.equal(['not_found', undefined, ['ben']]);
      await store.close();
    });
  });
}

/** A store whose one writer is held until `release`; a write notes its text when it runs, by the actor that begins it. */
function heldStore(store: Store) {
  const order: string[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  void store.write({ actor: 'holder', address: '' }, async writes => {
    await writes.insertUser(user('holder'));
    await held;
  });
  const write = (text: string, kind?: WriteKind, turn?: string) =>
    store.write(
      { actor: text.split(' ')[0] as string, address: '', ...(turn && { turn }) },
      async () => void order.push(text),
      kind,
    );
  return { order, write, release };
}
