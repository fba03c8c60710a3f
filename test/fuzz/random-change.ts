import { accessKeyOf, modelIds } from '../property/random-sites.ts';
import type { Dice } from './dice.ts';
import { copyOf, type FuzzModel, type FuzzSite, modelsOf, principals, projects, teams, users } from './fuzz-site.ts';
import {
  anyAudiences,
  anyExpiry,
  anyKey,
  anyModel,
  anyOwner,
  anyPermission,
  anyScope,
  anyTeamRole,
  anyVisibility,
  keyIdOf,
} from './random-site.ts';

type Mutation = (site: FuzzSite, dice: Dice) => void;

const keyMutations: readonly Mutation[] = [
  (site, dice) => withKey(site, dice, key => (key.audiences = anyAudiences(dice))),
  (site, dice) => withKey(site, dice, key => (key.expiresAt = anyExpiry(dice))),
  (site, dice) => withKey(site, dice, key => (key.models = anyScope(site, dice))),
];

const modelMutations: readonly Mutation[] = [
  (site, dice) => withModel(site, dice, model => (model.authEnabled = dice.chance(0.75))),
  (site, dice) => withModel(site, dice, model => (model.authShadow = dice.chance(0.5))),
  (site, dice) => withModel(site, dice, model => (model.stopped = dice.chance(0.2))),
  (site, dice) => withModel(site, dice, model => (model.accessKey = freeAccessKey(site, dice))),
  moveAccessKey,
];

const roleMutations: readonly Mutation[] = [
  (site, dice) => setOrDelete(dice.pick([...site.teams.values()]), dice.pick(users), anyPermission(dice), dice),
  (site, dice) =>
    withProject(site, dice, of => setOrDelete(of.collaborators, dice.pick(principals), anyPermission(dice), dice)),
  (site, dice) => withProject(site, dice, of => (of.visibility = anyVisibility(dice))),
  (site, dice) => withProject(site, dice, of => (of.owner = anyOwner(site, dice))),
  (site, dice) =>
    withProject(site, dice, of => {
      const there = [...site.teams.keys()];
      if (there.length > 0) setOrDelete(of.teams, dice.pick(there), anyTeamRole(dice), dice);
    }),
];

const rareMutations: readonly Mutation[] = [
  removeOrAddModel,
  removeOrAddTeam,
  removeOrAddProject,
  turnPrincipal,
  importKey,
];
/** What was drawn so often can't be applied in one go: then nothing is changed. */
const triesMax = 20;

/** Some changes of any kind, or of keys or of models alone. Refers to nothing that is not there. */
export function anyChange(before: FuzzSite, of: 'all' | 'keys' | 'models', dice: Dice): FuzzSite {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const after = copyOf(before);
    for (let count = dice.pick([1, 1, 1, 2, 4]); count > 0; count -= 1) {
      dice.pick(of === 'keys' ? keyMutations : of === 'models' ? modelMutations : anyOf(dice))(after, dice);
    }
    if (of === 'all' && dice.chance(0.4)) heal(after, dice);
    if (of === 'models' && dice.chance(0.7)) moveBetweenProjects(after, dice);
    if (canBeApplied(before, after)) return after;
  }
  return copyOf(before);
}

function anyOf(dice: Dice): readonly Mutation[] {
  if (dice.chance(0.12)) return rareMutations;
  return dice.pick([keyMutations, modelMutations, roleMutations, roleMutations]);
}

/** Brings back a thing that calls name: by chance alone, more and more of them would be refused for the same reason. */
function heal(site: FuzzSite, dice: Dice): void {
  const lacking = projects.find(id => !site.projects.has(id));
  if (lacking !== undefined) addProject(site, lacking, dice);
  const lost = modelIds.find(id => !modelsOf(site).some(([model]) => model === id));
  if (lost !== undefined) addModel(site, lost, dice);
  const unnamed = modelsOf(site).find(([, { accessKey }]) => !modelIds.map(accessKeyOf).includes(accessKey));
  if (unnamed !== undefined) unnamed[1].accessKey = freeAccessKey(site, dice);
  importKey(site, dice);
}

function withKey(
  site: FuzzSite,
  dice: Dice,
  change: (key: NonNullable<ReturnType<FuzzSite['keys']['get']>>) => void,
): void {
  const all = [...site.keys.values()];
  if (all.length > 0) change(dice.pick(all));
}

function withModel(site: FuzzSite, dice: Dice, change: (model: ReturnType<typeof anyModel>) => void): void {
  const all = modelsOf(site);
  if (all.length > 0) change(dice.pick(all)[1]);
}

function withProject(
  site: FuzzSite,
  dice: Dice,
  change: (project: NonNullable<ReturnType<FuzzSite['projects']['get']>>) => void,
): void {
  const all = [...site.projects.values()];
  if (all.length > 0) change(dice.pick(all));
}

function setOrDelete<T>(held: Map<string, T> | undefined, name: string, value: T, dice: Dice): void {
  if (dice.chance(0.3)) held?.delete(name);
  else held?.set(name, value);
}

/** One that calls name, where it is free, else one that nobody knows. */
function freeAccessKey(site: FuzzSite, dice: Dice): string {
  const taken = new Set(modelsOf(site).map(([, { accessKey }]) => accessKey));
  const free = modelIds.map(accessKeyOf).filter(key => !taken.has(key));
  return free.length > 0 && dice.chance(0.8) ? dice.pick(free) : `spare-access-key-${dice.below(2 ** 30)}`;
}

/** From a model to one behind it, in one change: the first is changed first, so that the key is free then. */
function moveAccessKey(site: FuzzSite, dice: Dice): void {
  const all = modelsOf(site);
  const from = dice.below(all.length);
  const [giver, taker] = [all[from]?.[1], all[from + 1]?.[1]];
  if (giver !== undefined && taker !== undefined) hand(giver, taker, dice);
}

/** The same over whatever lies between the models of two projects. */
function moveBetweenProjects(site: FuzzSite, dice: Dice): void {
  const [givers = [], takers = []] = [...site.projects.values()].map(({ models }) => [...models.values()]);
  if (givers.length > 0 && takers.length > 0) hand(dice.pick(givers), dice.pick(takers), dice);
}

function hand(giver: FuzzModel, taker: FuzzModel, dice: Dice): void {
  taker.accessKey = giver.accessKey;
  giver.accessKey = `spare-access-key-${dice.below(2 ** 30)}`;
}

function removeOrAddModel(site: FuzzSite, dice: Dice): void {
  const id = dice.pick(modelIds);
  const holder = [...site.projects.values()].find(({ models }) => models.has(id));
  if (holder !== undefined) holder.models.delete(id);
  else addModel(site, id, dice);
}

function addModel(site: FuzzSite, id: string, dice: Dice): void {
  // Where there are fewest, so that models of different projects change in one go.
  const [project] = [...site.projects.values()].sort((one, other) => one.models.size - other.models.size);
  project?.models.set(id, anyModel(freeAccessKey(site, dice), dice));
}

function removeOrAddTeam(site: FuzzSite, dice: Dice): void {
  const team = dice.pick(teams);
  if (!site.teams.has(team)) {
    site.teams.set(team, new Map([[dice.pick(users), anyPermission(dice)]]));
    return;
  }
  site.teams.delete(team);
  for (const project of site.projects.values()) {
    project.teams.delete(team);
    if ('team' in project.owner && project.owner.team === team) project.owner = anyOwner(site, dice);
  }
}

function removeOrAddProject(site: FuzzSite, dice: Dice): void {
  const id = dice.pick(projects);
  if (!site.projects.delete(id)) addProject(site, id, dice);
}

function addProject(site: FuzzSite, id: string, dice: Dice): void {
  site.projects.set(id, {
    owner: anyOwner(site, dice),
    visibility: anyVisibility(dice),
    collaborators: new Map([[dice.pick(principals), anyPermission(dice)]]),
    teams: new Map(),
    models: new Map(),
  });
}

/** Whoever is deactivated loses its keys for good (B37a). */
function turnPrincipal(site: FuzzSite, dice: Dice): void {
  const name = dice.pick(principals);
  const isActive = site.principals.get(name) !== true;
  site.principals.set(name, isActive);
  for (const [id, { owner }] of site.keys) {
    if (!isActive && owner === name) site.keys.delete(id);
  }
}

function importKey(site: FuzzSite, dice: Dice): void {
  const owner = dice.pick(principals);
  const secret = site.principals.get(owner) ? site.unused.pop() : undefined;
  if (secret !== undefined) site.keys.set(keyIdOf(secret), anyKey(site, [secret, owner], dice));
}

/** A document changes models one after the other, makes new ones last, moves none to another project and narrows no key to what it deletes. */
function canBeApplied(before: FuzzSite, after: FuzzSite): boolean {
  const [old, wanted] = [new Map(modelsOf(before)), new Map(modelsOf(after))];
  const moved = [...after.projects].some(([id, { models }]) =>
    [...models.keys()].some(model => old.has(model) && before.projects.get(id)?.models.has(model) !== true),
  );
  const dangling = [...after.keys].some(([id, { models }]) =>
    models?.some(model => !wanted.has(model) && before.keys.get(id)?.models?.includes(model) !== true),
  );
  const holders = new Map([...old].filter(([id]) => wanted.has(id)).map(([id, { accessKey }]) => [accessKey, id]));
  const inOrder = [...[...wanted].filter(([id]) => old.has(id)), ...[...wanted].filter(([id]) => !old.has(id))];
  const isFree = inOrder.every(([id, { accessKey }]) => {
    if ((holders.get(accessKey) ?? id) !== id) return false;
    holders.delete(old.get(id)?.accessKey ?? '');
    holders.set(accessKey, id);
    return true;
  });
  return !moved && !dangling && isFree;
}
