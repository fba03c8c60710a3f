import { expect } from 'chai';
import type { Change, Permission } from '../../../src/changes/change-set.ts';
import type { AccessKeyClaim, ApiKeyClaim, SeenInPart } from '../../../src/credentials/credentials.ts';
import { decide } from '../../../src/decision/decide.ts';
import { digestOf } from '../../../src/keys/digest.ts';
import {
  accessKeys,
  apiKey,
  apiKeys,
  collaborator,
  model,
  principal,
  project,
  put,
  snapshotWith,
  testNow,
} from '../../support/site.ts';

interface Asked {
  readonly accessKey?: string | AccessKeyClaim;
  readonly apiKey?: string | ApiKeyClaim;
  readonly pin?: string;
  readonly ageMs?: number;
  readonly now?: number;
}

function ask(asked: Asked, ...changes: Change[]) {
  const { accessKey = accessKeys.fraud, apiKey: caller = { kind: 'absent' }, pin, ageMs = 0, now = testNow } = asked;
  return decide({
    credentials: {
      accessKey: typeof accessKey === 'string' ? { kind: 'one', accessKey } : accessKey,
      apiKey: typeof caller === 'string' ? { kind: 'one', apiKey: caller } : caller,
      pin,
      accessKeyInQuery: false,
    },
    published: { snapshot: snapshotWith(...changes), confirmedAt: 0 },
    now,
    ticks: ageMs,
  });
}

const reasonOf = (asked: Asked, ...changes: Change[]) => ask(asked, ...changes).reason;
const absent = { kind: 'absent' } as const;

function severalOf(...keys: string[]): ApiKeyClaim {
  return { kind: 'several', sent: keys.map(value => ({ value, apiKey: value })) };
}

describe('decision: which model', () => {
  it('B8 refuses a request without any access key', () => {
    expect(reasonOf({ accessKey: absent })).to.equal('access_key_missing');
    expect(reasonOf({ accessKey: { kind: 'not_a_string' } })).to.equal('access_key_missing');
  });

  it('B9 refuses an ambiguous access key', () => {
    expect(reasonOf({ accessKey: { kind: 'ambiguous' } })).to.equal('access_key_ambiguous');
  });

  it('B10 refuses a body that is needed and incomplete', () => {
    const accessKey = { kind: 'incomplete', seen: absent } as const;
    expect(reasonOf({ accessKey })).to.equal('body_incomplete');
    for (const pin of ['open', 'nowhere']) expect(reasonOf({ accessKey, pin }), pin).to.equal('body_incomplete');
  });

  it('B6a needs no whole body where a pin names the model and authentication is on; what was seen may contradict it', () => {
    const pinned = (seen: SeenInPart) =>
      reasonOf({ accessKey: { kind: 'incomplete', seen }, apiKey: apiKeys.viewer, pin: 'fraud' });
    expect(pinned(absent)).to.equal('authorized');
    expect(pinned({ kind: 'one', accessKey: accessKeys.fraud })).to.equal('authorized');
    expect(pinned({ kind: 'one', accessKey: accessKeys.open })).to.equal('model_mismatch');
    expect(pinned({ kind: 'one', accessKey: 'unknown' })).to.equal('access_key_unknown');
    expect(pinned({ kind: 'not_a_string' })).to.equal('access_key_missing');
  });

  it('B11 knows no model by an unknown access key, and none by that of a deleted model', () => {
    expect(reasonOf({ accessKey: 'nobody', apiKey: apiKeys.viewer })).to.equal('access_key_unknown');
    const gone = { op: 'delete', kind: 'model', id: 'fraud' } as const;
    expect(reasonOf({ apiKey: apiKeys.viewer }, gone)).to.equal('access_key_unknown');
  });

  it('B11 knows no model by an access key that was regenerated away', () => {
    const regenerated = model({ accessKey: 'the-new-one' });
    expect(reasonOf({ apiKey: apiKeys.viewer }, regenerated)).to.equal('access_key_unknown');
    expect(reasonOf({ accessKey: 'the-new-one', apiKey: apiKeys.viewer }, regenerated)).to.equal('authorized');
  });

  it('B12 refuses an access key of another model than the route pins', () => {
    expect(reasonOf({ accessKey: accessKeys.open, pin: 'fraud' })).to.equal('model_mismatch');
  });

  it('B6a lets a pin alone name the model, but only where authentication is on', () => {
    expect(reasonOf({ accessKey: absent, pin: 'fraud', apiKey: apiKeys.viewer })).to.equal('authorized');
    expect(reasonOf({ accessKey: absent, pin: 'open', apiKey: apiKeys.viewer })).to.equal('access_key_missing');
  });

  it('B6a knows no model by an unknown pin, nor by a pin with an unknown access key', () => {
    expect(reasonOf({ pin: 'nothing' })).to.equal('access_key_unknown');
    expect(reasonOf({ accessKey: absent, pin: 'nothing' })).to.equal('access_key_unknown');
    expect(reasonOf({ accessKey: absent, pin: '' })).to.equal('access_key_unknown');
    expect(reasonOf({ accessKey: 'nobody', pin: 'fraud' })).to.equal('access_key_unknown');
  });
});

describe('decision: authentication off', () => {
  const open = accessKeys.open;

  it('B13 lets anybody call', () => {
    const { outcome, reason } = ask({ accessKey: open });
    expect({ outcome, reason }).to.deep.equal({ outcome: 'allow', reason: 'authentication_off' });
  });

  it('B7 identifies the caller by a valid key, and ignores an invalid one', () => {
    expect(ask({ accessKey: open, apiKey: apiKeys.viewer }).caller).to.deep.equal({
      principal: 'viewer',
      principalKind: 'user',
      keyId: `id-of-${apiKeys.viewer}`,
      permission: 'read',
    });
    expect(ask({ accessKey: open, apiKey: apiKeys.outsider }).caller?.principal).to.equal('outsider');
    for (const invalid of ['unknown', apiKeys.expired, apiKeys.application, { kind: 'malformed' } as const]) {
      const { outcome, caller } = ask({ accessKey: open, apiKey: invalid });
      expect({ outcome, caller }).to.deep.equal({ outcome: 'allow', caller: undefined });
    }
  });

  it('B6 does not mind two API keys that differ', () => {
    expect(reasonOf({ accessKey: open, apiKey: severalOf(apiKeys.viewer, apiKeys.outsider) })).to.equal(
      'authentication_off',
    );
  });

  it('B23 refuses everybody when the model is stopped', () => {
    const stopped = model({ model_id: 'open', accessKey: open, auth_enabled: false, stopped: true });
    expect(reasonOf({ accessKey: open }, stopped)).to.equal('model_stopped');
  });

  it('B45 lets shadow allow, and says who would be refused and why', () => {
    const shadowed = model({ model_id: 'open', accessKey: open, auth_enabled: false, auth_shadow: true });
    const shadowReason = (key: Asked['apiKey'] = absent) => {
      const decision = ask({ accessKey: open, apiKey: key }, shadowed);
      return decision.outcome === 'allow' ? (decision.shadowReason ?? 'none') : 'refused';
    };
    expect([shadowReason(), shadowReason('unknown'), shadowReason(apiKeys.outsider)]).to.deep.equal([
      'api_key_missing',
      'api_key_invalid',
      'not_authorized',
    ]);
    expect(shadowReason(apiKeys.viewer)).to.equal('none');
  });
});

describe('decision: authentication on', () => {
  it('B6 refuses two API keys that differ', () => {
    expect(reasonOf({ apiKey: severalOf(apiKeys.viewer, apiKeys.outsider) })).to.equal('api_key_ambiguous');
  });

  it('B14 asks for an API key', () => {
    expect(reasonOf({})).to.equal('api_key_missing');
  });

  it('B15 knows no difference between unknown, malformed, deleted and ownerless keys', () => {
    expect(reasonOf({ apiKey: 'unknown' })).to.equal('api_key_invalid');
    expect(reasonOf({ apiKey: { kind: 'malformed' } })).to.equal('api_key_invalid');
    const deleted = { op: 'delete', kind: 'api_key', id: `id-of-${apiKeys.viewer}` } as const;
    expect(reasonOf({ apiKey: apiKeys.viewer }, deleted)).to.equal('api_key_invalid');
    expect(reasonOf({ apiKey: apiKeys.viewer }, principal('viewer', { active: false }))).to.equal('api_key_invalid');
    expect(reasonOf({ apiKey: 'stray' }, apiKey('stray', 'nobody'))).to.equal('api_key_invalid');
  });

  it('B15 comes before B16: an expired key of a deactivated owner is invalid', () => {
    expect(reasonOf({ apiKey: apiKeys.expired }, principal('viewer', { active: false }))).to.equal('api_key_invalid');
  });

  it('B16 counts the expiry instant itself as expired', () => {
    const key = apiKey('short', 'viewer', { expires_at: testNow });
    expect(reasonOf({ apiKey: 'short', now: testNow }, key)).to.equal('api_key_expired');
    expect(reasonOf({ apiKey: 'short', now: testNow - 1 }, key)).to.equal('authorized');
  });

  it('B17 refuses a key without the audience API', () => {
    expect(reasonOf({ apiKey: apiKeys.application })).to.equal('audience_mismatch');
    const both = apiKey('both', 'viewer', { audiences: ['Application', 'API'] });
    expect(reasonOf({ apiKey: 'both' }, both)).to.equal('authorized');
  });

  it('B18 refuses who is no collaborator', () => {
    expect(reasonOf({ apiKey: apiKeys.outsider })).to.equal('not_authorized');
  });

  it('B44 narrows a key to some models, after membership has decided', () => {
    expect(reasonOf({ apiKey: apiKeys.scoped })).to.equal('key_scope');
    const outsiders = apiKey('narrow', 'outsider', { models: ['fraud'] });
    expect(reasonOf({ apiKey: 'narrow' }, outsiders)).to.equal('not_authorized');
    expect(reasonOf({ apiKey: 'fits' }, apiKey('fits', 'viewer', { models: ['fraud'] }))).to.equal('authorized');
  });

  it('B23 tells only authorized callers that the model is stopped', () => {
    const stopped = model({ stopped: true });
    expect(reasonOf({ apiKey: apiKeys.viewer }, stopped)).to.equal('model_stopped');
    expect(reasonOf({ apiKey: apiKeys.outsider }, stopped)).to.equal('not_authorized');
    expect(reasonOf({ apiKey: apiKeys.scoped }, stopped)).to.equal('key_scope');
    expect(reasonOf({}, stopped)).to.equal('api_key_missing');
  });

  it('names what is known of a refused caller, for metadata and the ring', () => {
    const { model: named, caller } = ask({ apiKey: apiKeys.expired });
    expect(named?.model_id).to.equal('fraud');
    expect(caller?.keyId).to.equal(`id-of-${apiKeys.expired}`);
  });
});

describe('decision: permissions', () => {
  const permissions: Permission[] = ['read', 'operator', 'write', 'admin'];
  const team = (member: Permission, mode: 'inherit' | 'override', permission: Permission): Change[] => [
    put('team_member', { team: 't', principal: 'outsider', permission: member }),
    put('team_collaborator', { project_id: 'p', team: 't', mode, permission }),
  ];
  const permissionOf = (...changes: Change[]) => ask({ apiKey: apiKeys.outsider }, ...changes).caller?.permission;

  it('B19 lets every collaborator from read upward call', () => {
    for (const permission of permissions) {
      expect(reasonOf({ apiKey: apiKeys.outsider }, collaborator('outsider', permission))).to.equal('authorized');
    }
  });

  it("B19 counts a project's owner as admin", () => {
    const decision = ask({ apiKey: 'owners' }, apiKey('owners', 'owner'));
    expect([decision.reason, decision.caller?.permission]).to.deep.equal(['authorized', 'admin']);
  });

  it('B19 lets a team with mode inherit raise each member to what it holds in the team', () => {
    expect(permissionOf(...team('write', 'inherit', 'read'))).to.equal('write');
    expect(reasonOf({ apiKey: apiKeys.outsider }, ...team('business_user', 'inherit', 'admin'))).to.equal(
      'not_authorized',
    );
  });

  it('B19 lets a team with mode override give every member the stated permission', () => {
    expect(permissionOf(...team('read', 'override', 'operator'))).to.equal('operator');
    expect(permissionOf(...team('admin', 'override', 'read'))).to.equal('read');
  });

  it('B19 takes the highest permission that applies', () => {
    expect(permissionOf(collaborator('outsider', 'operator'), ...team('write', 'inherit', 'read'))).to.equal('write');
    expect(permissionOf(collaborator('outsider', 'admin'), ...team('write', 'inherit', 'read'))).to.equal('admin');
  });

  it('B20 refuses a business_user, and counts it as read on a public project', () => {
    expect(reasonOf({ apiKey: apiKeys.business })).to.equal('not_authorized');
    const decision = ask({ apiKey: apiKeys.business }, project({ visibility: 'public' }));
    expect([decision.reason, decision.caller?.permission]).to.deep.equal(['authorized', 'read']);
  });

  it('B21 opens a public project to every active principal', () => {
    const decision = ask({ apiKey: apiKeys.outsider }, project({ visibility: 'public' }));
    expect([decision.reason, decision.caller?.permission]).to.deep.equal(['authorized', 'read']);
  });

  it("B21 opens an organization's project to the owning team, with what each member holds in it", () => {
    const owned = project({ owner_user: null, owner_team: 't', visibility: 'organization' });
    const member = (permission: Permission) => put('team_member', { team: 't', principal: 'outsider', permission });
    expect(permissionOf(owned, member('operator'))).to.equal('operator');
    expect(reasonOf({ apiKey: apiKeys.outsider }, owned, member('business_user'))).to.equal('not_authorized');
    expect(reasonOf({ apiKey: apiKeys.outsider }, owned)).to.equal('not_authorized');
  });

  it("B21 treats an organization's project of a user, and a team's private one, as private", () => {
    const ofUser = project({ visibility: 'organization' });
    const ofTeam = project({ owner_user: null, owner_team: 't', visibility: 'private' });
    const member = put('team_member', { team: 't', principal: 'outsider', permission: 'admin' });
    expect(reasonOf({ apiKey: apiKeys.outsider }, ofUser, member)).to.equal('not_authorized');
    expect(reasonOf({ apiKey: apiKeys.outsider }, ofTeam, member)).to.equal('not_authorized');
  });

  it('B21 leaves no right to a former owner', () => {
    const handedOver = [principal('next'), project({ owner_user: 'next' }), apiKey('formers', 'owner')];
    expect(reasonOf({ apiKey: 'formers' }, ...handedOver)).to.equal('not_authorized');
  });
});

describe('decision: freshness', () => {
  const limit = (seconds: number) => put('settings', { stale_after_seconds: seconds });

  it('B22 is not ready before the first snapshot, whatever is asked', () => {
    const credentials = { accessKey: absent, apiKey: absent, pin: undefined, accessKeyInQuery: false };
    expect(decide({ credentials, published: undefined, now: testNow, ticks: 0 }).reason).to.equal('not_ready');
  });

  it("B22 refuses beyond the operator's staleness limit, and before anything else", () => {
    expect(reasonOf({ apiKey: apiKeys.viewer, ageMs: 10_001 }, limit(10))).to.equal('stale');
    expect(reasonOf({ accessKey: { kind: 'ambiguous' }, ageMs: 10_001 }, limit(10))).to.equal('stale');
    expect(reasonOf({ apiKey: apiKeys.viewer, ageMs: 10_000 }, limit(10))).to.equal('authorized');
  });

  it('B22 has no limit unless the operator sets one', () => {
    expect(reasonOf({ apiKey: apiKeys.viewer, ageMs: 1e12 })).to.equal('authorized');
  });
});

describe('decision: keys as opaque strings', () => {
  it('B42 looks a key up by digest, whatever its form', () => {
    const imported = `${'a'.repeat(64)}.${'b'.repeat(64)}`;
    const key = apiKey(imported, 'viewer', { digest: digestOf(imported) });
    expect(reasonOf({ apiKey: imported }, key)).to.equal('authorized');
  });
});
