import { expect } from 'chai';
import type { SentKey } from '../../../src/credentials/credentials.ts';
import { chooseApiKey } from '../../../src/decision/choose-api-key.ts';
import { makeSecret } from '../../../src/keys/secret.ts';
import { apiKey, snapshotWith } from '../../support/site.ts';

const imported = `${'0f'.repeat(32)}.${'a9'.repeat(32)}`;
const snapshot = snapshotWith(apiKey(imported, 'viewer'));
const ours = makeSecret('api_key');
const foreign = 'sk-ant-api03-of-another-service';
const ambiguous = { kind: 'ambiguous' };
const malformed = { kind: 'malformed' };

const is = (apiKey: string): SentKey => ({ value: apiKey, apiKey });
const holds = (value: string): SentKey => ({ value, apiKey: undefined });
const chosen = (...sent: SentKey[]) => chooseApiKey(snapshot, { kind: 'several', sent });

describe('B53 which of several headers holds the API key', () => {
  it('takes the one key of ours, by its form or by its digest, whatever stands in the others', () => {
    const jwt = `Bearer ${'eyJh_bGci-'.repeat(400)}.sig`;
    for (const key of [ours, imported]) {
      for (const other of [is(foreign), holds('Basic dTpw'), holds(jwt), holds(`${foreign},${foreign}`), is('own')]) {
        expect(chosen(other, is(key)), other.value).to.deep.equal({ kind: 'one', apiKey: key });
        expect(chosen(is(key), other, is(key)), other.value).to.deep.equal({ kind: 'one', apiKey: key });
      }
    }
  });

  it('knows no one key where two of ours differ, live or not', () => {
    expect(chosen(is(ours), is(imported))).to.deep.equal(ambiguous);
    for (const kind of ['api_key', 'legacy_key', 'session'] as const) {
      expect(chosen(is(makeSecret(kind)), is(ours)), kind).to.deep.equal(ambiguous);
    }
  });

  it('knows none either where a header holds one otherwise than it is read: repeated, in Basic, with bytes around it', () => {
    for (const value of [`${ours},${ours}`, `a,${imported}`, `Basic ${btoa(`${ours}:`)}`, `Token ${imported}`]) {
      expect(chosen(holds(value), is(ours)), value).to.deep.equal(ambiguous);
      expect(chosen(holds(value), is(foreign)), value).to.deep.equal(malformed);
    }
    expect(chosen(is(`${ours}!`), is(imported))).to.deep.equal(ambiguous);
  });

  it('finds no API key where none is of ours: a wrong checksum, another service, a key that is gone', () => {
    const mistyped = `${ours.slice(0, -1)}${ours.endsWith('0') ? '1' : '0'}`;
    expect(chosen(is(foreign), is('own'))).to.deep.equal(malformed);
    expect(chosen(is(foreign), is(mistyped))).to.deep.equal(malformed);
    expect(chosen(is(mistyped), is(imported))).to.deep.equal({ kind: 'one', apiKey: imported });
  });

  it('leaves a single reading as it is', () => {
    for (const claim of [{ kind: 'absent' }, malformed, { kind: 'one', apiKey: foreign }] as const) {
      expect(chooseApiKey(snapshot, claim as never)).to.deep.equal(claim);
    }
  });
});
