import { expect } from 'chai';
import { type KeyUse, KeyUses } from '../../../../src/check/tallies/key-uses.ts';
import { tallyWriter } from '../../../../src/check/tallies/write-tallies.ts';
import type { Allow } from '../../../../src/decision/decision.ts';

const allow = (keyId: string, model_id = 'fraud') => ({ caller: { keyId }, model: { model_id } }) as unknown as Allow;
const use = (key_id: string, at: number, model_id = 'fraud'): KeyUse => ({ key_id, model_id, at });

describe('B32 uses of keys', () => {
  it('hold the newest use of each key, and go when they are taken', () => {
    const uses = new KeyUses();
    uses.note(allow('k1'), 1);
    uses.note(allow('k2'), 2);
    uses.note(allow('k1', 'churn'), 3);
    expect(uses.take()).to.deep.equal({ entries: [use('k1', 3, 'churn'), use('k2', 2)], missed: 0 });
    expect(uses.take()).to.deep.equal({ entries: [], missed: 0 });
  });

  it('hold a bounded number of keys, count what found no room, and still update those that are held', () => {
    const uses = new KeyUses(2);
    for (const [at, key] of ['k1', 'k2', 'k3', 'k4', 'k1'].entries()) {
      uses.note(allow(key), at);
    }
    expect(uses.take()).to.deep.equal({ entries: [use('k1', 4), use('k2', 1)], missed: 2 });
  });

  it('take back what could not be written, but for keys that were used since, and no more than there is room for', () => {
    const uses = new KeyUses(2);
    uses.note(allow('k1'), 9);
    uses.putBack([use('k1', 1), use('k2', 2), use('k3', 3)]);
    expect(uses.take()).to.deep.equal({ entries: [use('k1', 9), use('k2', 2)], missed: 1 });
  });
});

describe('B32 writing uses of keys', () => {
  const logged: string[] = [];
  const log = {
    warn: (_fields: object, message: string) => logged.push(message),
    error: (_fields: object, message: string) => logged.push(message),
  };
  beforeEach(() => {
    logged.length = 0;
  });

  it('writes nothing where nothing was used', async () => {
    const write = async () => {
      throw new Error('not expected');
    };
    await tallyWriter({ tally: new KeyUses(), what: 'key uses', write, log })();
    expect(logged).to.deep.equal([]);
  });

  it('keeps what could not be written for the next time, and says so', async () => {
    const keyUses = new KeyUses();
    const written: (readonly KeyUse[])[] = [];
    let fault: Error | undefined = new Error('disk full');
    const write = async (uses: readonly KeyUse[]) => {
      if (fault) throw fault;
      written.push(uses);
    };
    const flush = tallyWriter({ tally: keyUses, what: 'key uses', write, log });
    keyUses.note(allow('k1'), 1);
    await flush();
    fault = undefined;
    await flush();
    expect(written).to.deep.equal([[use('k1', 1)]]);
    expect(logged).to.deep.equal(['what was counted could not be written']);
  });

  it('lets whoever asks wait for a write that is under way', async () => {
    const keyUses = new KeyUses();
    let finish: () => void = () => undefined;
    const done: string[] = [];
    const write = () => new Promise<void>(resolve => (finish = () => resolve(void done.push('written'))));
    const flush = tallyWriter({ tally: keyUses, what: 'key uses', write, log });
    keyUses.note(allow('k1'), 1);
    const first = flush();
    const second = flush().then(() => done.push('second'));
    await new Promise(setImmediate);
    finish();
    await Promise.all([first, second]);
    expect(done).to.deep.equal(['written', 'second']);
  });
});
