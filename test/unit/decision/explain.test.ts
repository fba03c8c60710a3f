import { expect } from 'chai';
import type { Change } from '../../../src/changes/change-set.ts';
import type { ApiKeyClaim } from '../../../src/credentials/credentials.ts';
import { decide, type Question } from '../../../src/decision/decide.ts';
import { explain } from '../../../src/decision/explain.ts';
import { digestOf } from '../../../src/keys/digest.ts';
import { accessKeys, apiKey, apiKeys, model, put, snapshotWith, testNow } from '../../support/site.ts';

function question(caller: string | ApiKeyClaim, accessKey: string, changes: readonly Change[]): Question {
  return {
    credentials: {
      accessKey: { kind: 'one', accessKey },
      apiKey: typeof caller === 'string' ? { kind: 'one', apiKey: caller } : caller,
      pin: undefined,
      accessKeyInQuery: false,
    },
    published: { snapshot: snapshotWith(...changes), confirmedAt: testNow },
    now: testNow,
    ticks: testNow,
  };
}

function explained(caller: string | ApiKeyClaim, { accessKey = accessKeys.fraud, changes = [] as Change[] } = {}) {
  return explain(question(caller, accessKey, changes));
}

const rulesOf = (caller: string, accessKey?: string) =>
  explained(caller, accessKey === undefined ? {} : { accessKey }).steps.map(({ rule, met }) => `${rule} ${met}`);

describe('decision: explained', () => {
  it('asks every rule of an allowed call in the order of the contract', () => {
    expect(rulesOf(apiKeys.viewer)).to.deep.equal(
      ['B22', 'B9', 'B10', 'B8', 'B11', 'B12', 'B6', 'B14', 'B15', 'B16', 'B17', 'B18', 'B44', 'B23'].map(
        rule => `${rule} true`,
      ),
    );
  });

  it('ends with the rule that refuses', () => {
    const last = (key: string) => rulesOf(key).at(-1);
    expect(last('nobody')).to.equal('B15 false');
    expect(last(apiKeys.expired)).to.equal('B16 false');
    expect(last(apiKeys.application)).to.equal('B17 false');
    expect(last(apiKeys.outsider)).to.equal('B18 false');
    expect(last(apiKeys.scoped)).to.equal('B44 false');
  });

  it('names the rows that answered a rule, and tells what is not there', () => {
    const steps = explained(apiKeys.outsider).steps;
    expect(steps.find(({ rule }) => rule === 'B18')?.rows).to.deep.equal([
      {
        kind: 'project',
        id: 'p',
        found: true,
        facts: { owner_user: 'owner', owner_team: null, visibility: 'private' },
      },
      { kind: 'collaborator', id: 'p/outsider', found: false, facts: {} },
    ]);
    expect(steps.find(({ rule }) => rule === 'B16')?.rows).to.deep.equal([]);
  });

  it('B13 B45 tells what rules about the caller would say, without binding, where authentication is off', () => {
    const { decision, steps } = explained(apiKeys.outsider, {
      accessKey: accessKeys.open,
      changes: [model({ model_id: 'open', accessKey: accessKeys.open, auth_enabled: false, auth_shadow: true })],
    });
    expect(decision).to.include({ outcome: 'allow', shadowReason: 'not_authorized' });
    expect(steps.filter(({ binding }) => !binding).map(({ rule }) => rule)).to.deep.equal([
      'B6',
      'B14',
      'B15',
      'B16',
      'B17',
      'B18',
    ]);
    expect(steps.at(-1)).to.include({ rule: 'B23', met: true, binding: true });
  });

  it('finds a key by a stand-in, and shows neither digest nor stand-in', () => {
    const aliases = new Map([[digestOf('stand-in'), digestOf(apiKeys.viewer)]]);
    const explanation = explain({ ...question('stand-in', accessKeys.fraud, []), aliases });
    expect(explanation.decision).to.include({ outcome: 'allow' });
    const shown = JSON.stringify(explanation.steps).replaceAll(`id-of-${apiKeys.viewer}`, 'the Key ID');
    for (const hidden of [
      'stand-in',
      accessKeys.fraud,
      apiKeys.viewer,
      digestOf(apiKeys.viewer),
      digestOf(accessKeys.fraud),
    ]) {
      expect(shown).not.to.include(hidden);
    }
  });

  it('decides as a check does, whatever the call', () => {
    const changes = [put('settings', { stale_after_seconds: 1 }), apiKey('second', 'viewer', { models: ['fraud'] })];
    for (const key of [...Object.values(apiKeys), 'second', 'nobody']) {
      for (const accessKey of [...Object.values(accessKeys), 'unknown']) {
        const asked = question(key, accessKey, changes);
        expect(explain(asked).decision).to.deep.equal(decide(asked));
      }
    }
  });

  it('B22 explains a missing snapshot by its one rule', () => {
    const { steps } = explain({ ...question('any', 'any', []), published: undefined });
    expect(steps.map(({ rule, met }) => [rule, met])).to.deep.equal([['B22', false]]);
  });
});
