import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Change, idOf } from '../../src/changes/change-set.ts';
import { toLookupDigest } from '../../src/keys/digest.ts';
import { FlatIndex } from '../../src/snapshot/flat-index.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { MapIndex } from '../support/map-index.ts';
import { digests, oddNames, randomChange } from './random-changes.ts';

const nothing = { epoch: 'epoch', revision: 0, puts: [] };
/** So few rows in a chunk that every case fills several, and every table grows some times. */
const chunkRows = fc.constantFrom(1, 2, 16, 16_384);
const changeSets = fc.array(fc.array(randomChange, { maxLength: 60 }), { minLength: 1, maxLength: 6, size: 'max' });

/** What both indexes hold after the same change sets. */
function applied(sets: readonly (readonly Change[])[], rows: number) {
  const flat = new FlatIndex({ epoch: 'epoch', revision: 0, chunkRows: rows });
  const plain = MapIndex.build(nothing);
  sets.forEach((changes, at) => {
    flat.apply(at + 1, changes);
    plain.apply(at + 1, changes);
  });
  return { flat, plain };
}

describe('B33 the index in flat columns and one of simple maps', () => {
  it('hold the same rows after any changes, and count them alike', () => {
    const property = fc.property(changeSets, chunkRows, (sets, rows) => {
      const { flat, plain } = applied(sets, rows);
      expectSame(flat.everything(), plain.everything());
      expectSame(flat.counts(), plain.counts());
    });
    checkProperty(property, 600);
  }).timeout(propertyTimeoutMs);

  it('answer every lookup alike', () => {
    const property = fc.property(changeSets, chunkRows, (sets, rows) => {
      const { flat, plain } = applied(sets, rows);
      for (const digest of digests) expectSame(byDigest(flat, digest), plainByDigest(plain, digest));
      for (const name of oddNames) {
        expectSame(byName(flat, name), plainByName(plain, name));
        for (const other of oddNames) expectSame(ofPair(flat, name, other), plainOfPair(plain, name, other));
      }
      expectSame(flat.settings(), plain.settings());
    });
    checkProperty(property, 300);
  }).timeout(propertyTimeoutMs);

  it('T44 give a hash of their content that asks neither for the order nor for what was there before', () => {
    const property = fc.property(changeSets, randomChange, (sets, more) => {
      const { flat } = applied(sets, 16);
      const everything = flat.everything();
      expect(FlatIndex.build({ ...everything, puts: everything.puts.toReversed() }).stateHash()).to.equal(
        flat.stateHash(),
      );
      const before = flat.stateHash();
      flat.apply(flat.revision + 1, [more]);
      expect(flat.stateHash() === before).to.equal(isDeepStrictEqual(flat.everything().puts, everything.puts));
      const deletions = flat.everything().puts.map(put => ({ op: 'delete' as const, kind: put.kind, id: idOf(put) }));
      flat.apply(flat.revision + 1, deletions);
      expect(flat.stateHash()).to.equal('0'.repeat(16));
    });
    checkProperty(property, 300);
  }).timeout(propertyTimeoutMs);
});

/** Chai only writes the failure: here it would take most of the time. */
function expectSame(one: unknown, other: unknown): void {
  if (!isDeepStrictEqual(one, other)) expect(one).to.deep.equal(other);
}

function byDigest(index: FlatIndex, digest: string) {
  const lookup = toLookupDigest(digest);
  const key = index.apiKey(lookup);
  const seen = key && {
    key_id: key.key_id,
    principal: key.principal,
    owner: index.nameOf(key.owner),
    audiences: key.audiences,
    expires_at: key.expires_at,
    isNarrowed: key.isNarrowed,
    isFor: oddNames.filter(name => key.isFor(name)),
    covers: oddNames.filter(name => key.covers(index.refOf(name))),
  };
  return { model: index.modelByAccessKey(lookup)?.row, key: seen };
}

function plainByDigest(index: MapIndex, digest: string) {
  const key = index.apiKey(digest);
  const seen = key && {
    key_id: key.key_id,
    principal: key.principal,
    owner: key.principal,
    audiences: key.audiences,
    expires_at: key.expires_at,
    isNarrowed: key.models !== null,
    isFor: oddNames.filter(name => key.audiences.includes(name)),
    covers: oddNames.filter(name => key.models?.includes(name) ?? true),
  };
  return { model: withoutDigest(index.modelByAccessKey(digest)), key: seen };
}

function withoutDigest(model: ReturnType<MapIndex['model']>) {
  const { access_key_digest: _, ...rest } = model ?? { access_key_digest: '' };
  return model && rest;
}

function byName(index: FlatIndex, name: string) {
  const ref = index.refOf(name);
  const model = index.model(name);
  const project = index.project(ref);
  const teams = index
    .teamCollaborators(ref)
    .map(({ team, mode, permission }) => [index.nameOf(team), mode, permission]);
  return {
    model: model?.row,
    names: model && [index.nameOf(model.name), index.nameOf(model.project)],
    principal: index.principal(ref),
    project: project && [index.nameOf(project.ownerUser), index.nameOf(project.ownerTeam), project.visibility],
    teams: teams.sort(),
  };
}

function plainByName(index: MapIndex, name: string) {
  const model = index.model(name);
  const project = index.project(name);
  const teams = [...index.teamCollaborators(name)].map(({ team, mode, permission }) => [team, mode, permission]);
  return {
    model: withoutDigest(model),
    names: model && [model.model_id, model.project_id],
    principal: index.principal(name),
    project: project && [project.owner_user ?? '', project.owner_team ?? '', project.visibility],
    teams: teams.sort(),
  };
}

function ofPair(index: FlatIndex, one: string, other: string) {
  const refs = [index.refOf(one), index.refOf(other)] as const;
  return [index.collaborator(...refs), index.teamMember(...refs)];
}

function plainOfPair(index: MapIndex, one: string, other: string) {
  return [index.collaborator(one, other), index.teamMember(one, other)];
}
