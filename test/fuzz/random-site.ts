import type { Permission, Visibility } from '../../src/changes/change-set.ts';
import { accessKeyOf, modelIds } from '../property/random-sites.ts';
import type { Dice } from './dice.ts';
import {
  type FuzzKey,
  type FuzzModel,
  type FuzzProject,
  type FuzzSite,
  principals,
  projects,
  teams,
  users,
} from './fuzz-site.ts';

const permissions: readonly Permission[] = ['business_user', 'read', 'operator', 'write', 'admin'];
const visibilities: readonly Visibility[] = ['private', 'organization', 'public'];
const modes = ['inherit', 'override'] as const;
const audiences = [['API'], ['API'], ['API'], ['API', 'Application'], ['Application']];
/** Secrets of `randomCall`, each in so many generations: what is revoked is dead for good, and another takes its place. */
export const generations = 4;

export function anyPermission(dice: Dice): Permission {
  return dice.pick(permissions);
}

export function anyVisibility(dice: Dice): Visibility {
  return dice.pick(visibilities);
}

export function anyOwner(site: FuzzSite, dice: Dice): FuzzProject['owner'] {
  const there = [...site.teams.keys()];
  return there.length > 0 && dice.chance(0.4) ? { team: dice.pick(there) } : { username: dice.pick(users) };
}

export function anyTeamRole(dice: Dice) {
  return { mode: dice.pick(modes), permission: anyPermission(dice) };
}

export function anyModel(accessKey: string, dice: Dice): FuzzModel {
  return { accessKey, authEnabled: dice.chance(0.75), authShadow: dice.chance(0.5), stopped: dice.chance(0.1) };
}

/** Long ago, in a moment, in a while, never. */
export function anyExpiry(dice: Dice): number | null {
  const from = dice.pick([null, null, null, null, -1000, dice.between(50, 3000), 86_400_000]);
  return from === null ? null : Date.now() + from;
}

export function anyScope(site: FuzzSite, dice: Dice): readonly string[] | null {
  const there = modelIds.filter(id => [...site.projects.values()].some(({ models }) => models.has(id)));
  const some = there.filter(() => dice.chance(0.6));
  return some.length === 0 || dice.chance(0.7) ? null : some;
}

export function anyKey(site: FuzzSite, [secret, owner]: readonly [string, string], dice: Dice): FuzzKey {
  return { secret, owner, audiences: dice.pick(audiences), expiresAt: anyExpiry(dice), models: anyScope(site, dice) };
}

export function anyAudiences(dice: Dice): readonly string[] {
  return dice.pick(audiences);
}

export function secretOf(base: string, generation: number): string {
  return `${base}-${generation}`;
}

export function keyIdOf(secret: string): string {
  return `id-of-${secret}`;
}

/** A site in which calls of `randomCall` have something to be decided by. */
export function anySite(dice: Dice, secrets: readonly string[]): FuzzSite {
  const site: FuzzSite = {
    principals: new Map(principals.map(name => [name, dice.chance(0.9)])),
    teams: new Map(
      teams.map(team => [team, new Map(users.filter(() => dice.chance(0.6)).map(u => [u, anyPermission(dice)]))]),
    ),
    projects: new Map(),
    keys: new Map(),
    unused: [],
  };
  for (const id of projects) {
    site.projects.set(id, {
      owner: anyOwner(site, dice),
      visibility: anyVisibility(dice),
      collaborators: new Map(principals.filter(() => dice.chance(0.5)).map(name => [name, anyPermission(dice)])),
      teams: new Map(teams.filter(() => dice.chance(0.5)).map(team => [team, anyTeamRole(dice)])),
      models: new Map(),
    });
  }
  for (const [n, id] of modelIds.entries()) {
    site.projects.get(projects[n % projects.length] as string)?.models.set(id, anyModel(accessKeyOf(id), dice));
  }
  for (const base of secrets) {
    for (let generation = 0; generation < generations; generation += 1) {
      const secret = secretOf(base, generation);
      const owner = dice.pick(principals);
      if (site.principals.get(owner) && dice.chance(0.7)) {
        site.keys.set(keyIdOf(secret), anyKey(site, [secret, owner], dice));
      } else {
        site.unused.push(secret);
      }
    }
  }
  return site;
}
