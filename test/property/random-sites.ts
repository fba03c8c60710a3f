import fc from 'fast-check';
import type { Permission, Put } from '../../src/changes/change-set.ts';
import { FlatIndex } from '../../src/snapshot/flat-index.ts';
import { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import * as site from '../support/site.ts';
import type { PlainSite } from './plain-model.ts';

/** Few names, so that rows about the same things meet in every site. */
export const modelIds = ['m0', 'm1', 'm2'];
export const secrets = ['s0', 's1', 's2', 's3', 's4'];
/** Of B42's form with its checksum, and known to no site. */
export const unknownSecret = `mgk_${'u'.repeat(43)}2i5h1Y`;
const users = ['ada', 'ben', 'cy'];
const principals = [...users, 'app'];
const teams = ['t0', 't1'];
const projects = ['p0', 'p1'];

/** A model's access key; its form does not matter to a lookup. */
export function accessKeyOf(modelId: string): string {
  return `access-key-of-${modelId}`;
}

const flag = fc.boolean();
const mostly = <T>(value: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(value) }, fc.constantFrom(...others));
const maybe = (put: fc.Arbitrary<Put>, freq = 2) => fc.option(put, { nil: undefined, freq });
const permission = fc.constantFrom<Permission>('business_user', 'read', 'operator', 'write', 'admin');
const mode = fc.constantFrom('inherit' as const, 'override' as const);
const expiresAt = mostly<number | null>(null, -1, 0, 1, 86_400_000).map(from =>
  from === null ? null : site.testNow + from,
);

const settings = mostly(0, 1, 30).map(stale_after_seconds => site.put('settings', { stale_after_seconds }));

const principal = (name: string) => {
  const principal_kind = name === 'app' ? ('application' as const) : ('user' as const);
  return maybe(
    mostly(true, false).map(active => site.principal(name, { principal_kind, active })),
    20,
  );
};

const member = (team: string, name: string) =>
  maybe(permission.map(held => site.put('team_member', { team, principal: name, permission: held })));

const owner = fc.oneof(
  fc.constantFrom(...users).map(owner_user => ({ owner_user, owner_team: null })),
  fc.constantFrom(...teams).map(owner_team => ({ owner_user: null, owner_team })),
);
const visibility = fc.constantFrom('private' as const, 'organization' as const, 'public' as const);
const project = (project_id: string) =>
  maybe(
    fc.tuple(owner, visibility).map(([owned, seen]) => site.project({ project_id, ...owned, visibility: seen })),
    20,
  );

const collaborator = (project_id: string, name: string) =>
  maybe(permission.map(held => site.put('collaborator', { project_id, principal: name, permission: held })));

const teamCollaborator = (project_id: string, team: string) =>
  maybe(
    fc
      .tuple(mode, permission)
      .map(([how, held]) => site.put('team_collaborator', { project_id, team, mode: how, permission: held })),
  );

const model = (model_id: string) =>
  fc
    .record({
      project_id: fc.constantFrom(...projects),
      auth_enabled: fc.nat({ max: 9 }).map(tenth => tenth > 2),
      auth_shadow: flag,
      stopped: mostly(false, true),
    })
    .map(row => site.model({ model_id, accessKey: accessKeyOf(model_id), target: model_id, ...row }));

const apiKey = (secret: string) =>
  fc
    .record({
      principal: fc.constantFrom(...principals),
      audiences: mostly(['API'], ['API', 'Application'], ['Application'], []),
      expires_at: expiresAt,
      models: mostly<string[] | null>(null, ['m0'], ['m1', 'm2'], []),
    })
    .map(row => site.apiKey(secret, row.principal, row));

const rows = fc
  .tuple(
    settings,
    ...principals.map(principal),
    ...teams.flatMap(team => principals.map(name => member(team, name))),
    ...projects.map(project),
    ...projects.flatMap(id => principals.map(name => collaborator(id, name))),
    ...projects.flatMap(id => teams.map(team => teamCollaborator(id, team))),
    ...modelIds.map(model),
    ...secrets.map(apiKey),
  )
  .map(puts => puts.filter(put => put !== undefined));

/** Around the limits of one second and of thirty, and a clock that went back. */
const ageMs = fc.constantFrom(-5, 0, 999, 1000, 1001, 29_999, 30_000, 30_001);

/** Sites in which every rule about who may call has something to say; one in thirty before its first snapshot. */
export const randomSite: fc.Arbitrary<PlainSite> = fc
  .tuple(rows, ageMs, fc.nat({ max: 29 }))
  .map(([puts, age, ready]) => ({ rows: ready === 0 ? undefined : puts, ageMs: age }));

/** The site as the product holds it: some rows by a build, the others by a change set on top. */
export function cellOf({ rows: puts, ageMs: age }: PlainSite): SnapshotCell {
  const cell = new SnapshotCell();
  if (puts === undefined) return cell;
  const half = Math.floor(puts.length / 2);
  const index = FlatIndex.build({ epoch: 'epoch', revision: 1, puts: puts.slice(0, half) }, 8);
  index.apply(2, puts.slice(half));
  cell.publish(index, site.testNow - age);
  return cell;
}
