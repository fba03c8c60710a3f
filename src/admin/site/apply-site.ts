import type { Writes } from '../../store/store.ts';
import type { SiteDocument } from '../schemas/site.ts';
import { requireSomeSiteAdmin } from '../site-users.ts';
import { applyApiKeys } from './apply-api-keys.ts';
import { applyApplications, applyTeams, applyUsers } from './apply-principals.ts';
import { applyProjects } from './apply-projects.ts';
import { refuseDuplicates } from './refuse-duplicates.ts';
import { type Apply, differs, given, type Step } from './step.ts';

/** Thrown out of the transaction that a dry run must not commit. */
export class DryRun extends Error {
  readonly steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    super('dry run');
    this.steps = steps;
  }
}

/**
 * Brings the site to what the document says, in one transaction, and answers the steps that it took; a
 * second time there are none. What depends on another thing comes after it.
 */
export async function applySite(writes: Writes, document: SiteDocument, now: number): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const apply: Apply = {
    writes,
    now,
    async step(action, kind, id, run) {
      await run();
      steps.push({ action, kind, id });
    },
    done: (action, kind, id) => steps.push({ action, kind, id }),
  };
  refuseDuplicates(document);
  await applySettings(apply, document);
  await applyUsers(apply, document.users);
  await applyApplications(apply, document.applications);
  await applyTeams(apply, document.teams);
  await applyProjects(apply, document.projects);
  await applyApiKeys(apply, document.api_keys);
  await requireSomeSiteAdmin(writes);
  return steps;
}

async function applySettings({ writes, step }: Apply, { settings }: SiteDocument): Promise<void> {
  const wanted = settings ?? {};
  if (differs(await writes.readSettings(), wanted)) {
    await step('update', 'settings', 'settings', () => writes.updateSettings(given(wanted)));
  }
}
