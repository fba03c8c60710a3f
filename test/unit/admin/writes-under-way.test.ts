import { expect } from 'chai';
import { WritesUnderWay, writesUnderWayMax } from '../../../src/admin/requests/writes-under-way.ts';
import type { WriteKind } from '../../../src/store/store.ts';

const mal = { actor: 'mal', address: '' };
const ada = { actor: 'ada', address: '' };

describe('T55 S11 writes under way', () => {
  it('refuses one more of the same author with 429, and nobody else', async () => {
    const { writes, begin } = full('ordinary');
    const refused = await begin(mal, 'ordinary').catch(fault => fault);
    expect([refused.statusCode, refused.message]).to.deep.equal([
      429,
      '16 changes of yours are under way: send the next when one of them is answered; a site admin makes many in one by `modelgate apply`',
    ]);
    expect(await writes.run(ada, 'ordinary', async () => 'made')).to.equal('made');
  });

  it('never refuses a revocation because of other writes, and bounds revocations as well', async () => {
    expect(await full('ordinary').writes.run(mal, 'revocation', async () => 'revoked')).to.equal('revoked');
    const { begin } = full('revocation');
    expect((await begin(mal, 'revocation').catch(fault => fault)).statusCode).to.equal(429);
  });

  it('takes the next when one is answered, or has failed', async () => {
    const { writes, release } = full('ordinary');
    await release();
    await writes.run(mal, 'ordinary', () => Promise.reject(new Error('failed'))).catch(() => undefined);
    const next = Array.from({ length: writesUnderWayMax }, () => writes.run(mal, 'ordinary', async () => 'made'));
    expect(new Set(await Promise.all(next))).to.deep.equal(new Set(['made']));
  });
});

/** As many of one author as may be under way. */
function full(kind: WriteKind) {
  const writes = new WritesUnderWay();
  let end: () => void = () => undefined;
  const held = new Promise<void>(resolve => {
    end = resolve;
  });
  const begin = (author: typeof mal, of: WriteKind) => writes.run(author, of, () => held);
  const begun = Array.from({ length: writesUnderWayMax }, () => begin(mal, kind));
  const release = async () => {
    end();
    await Promise.all(begun);
  };
  return { writes, begin, release };
}
