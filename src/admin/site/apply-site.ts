import type { Writes } from '../../store/store.ts';
import type { SiteDocument } from '../schemas/site.ts';
import { requireSomeSiteAdmin } from '../site-users.ts';
import { Pace } from '../turns/pace.ts';
import { applyApiKeys } from './apply-api-keys.ts';
import { applyModels } from './apply-models.ts';
import { applyApplications, applyUsers } from './apply-principals.ts';
import { applyCollaborators, applyProjects, applyTeamCollaborators } from './apply-projects.ts';
import { applyTeams } from './apply-teams.ts';
import { refuseDuplicates } from './document/refuse-duplicates.ts';
import { endStateOf } from './end-state.ts';
import { readKnownSite } from './known-site.ts';
import { type Step, toStep } from './plan-step.ts';
import { pruneModels, pruneRest, requireCallerNamed } from './prune-site.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import { type Apply, update } from './step.ts';

/** Thrown out of the transaction that a dry run must not commit. */
export class DryRun extends Error {
  readonly steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    super('dry run');
    this.steps = steps;
  }
}

export interface ApplyOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether what the document's sections do not name is deleted. */
  readonly prune: boolean;
  /** Username of the site admin who applies it. */
  readonly caller: string;
}

/**
 * Brings the site to what the document says, in one transaction, and answers the steps that it took; a
 * second time there are none. What depends on another thing is made after it and deleted before it.
 */
export async function applySite(
  writes: Writes,
  document: SiteDocument,
  { now, prune, caller }: ApplyOptions,
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const pace = new Pace();
  await refuseDuplicates(document, pace);
  if (prune) {
    requireCallerNamed(document, caller);
  }
  const known = await readKnownSite(writes, document, prune, pace);
  const after = await endStateOf(document, known, prune, pace);
  await refuseUnknown(document, known, after, pace);
  const done: Apply['done'] = (...step) => steps.push(toStep(...step));
  const skipped: Apply['skipped'] = (kind, id, reason) => steps.push({ action: 'skip', kind, id, reason });
  const apply: Apply = { writes, document, known, now, caller, pace, done, skipped };
  if (prune) {
    await pruneModels(apply, after);
  }
  await applySettings(apply);
  await applyUsers(apply);
  await applyApplications(apply);
  await applyTeams(apply);
  await applyProjects(apply);
  await applyCollaborators(apply);
  await applyTeamCollaborators(apply);
  await applyModels(apply);
  await applyApiKeys(apply);
  if (prune) {
    await pruneRest(apply, after);
  }
  await requireSomeSiteAdmin(writes);
  return steps;
}

async function applySettings(apply: Apply): Promise<void> {
  const { writes, document } = apply;
  const old = await writes.readSettings();
  await update(apply, ['settings', 'settings'], [old, document.settings ?? {}], changed =>
    writes.updateSettings(changed),
  );
}
