import type { Reads } from '../store/store.ts';
import type { WarnLog } from './warn-of-surroundings.ts';

/** Names in one line of the log. */
const namesTold = 20;

/** Says at the start which names of users, applications and projects may be taken for others; new ones cannot be made so (B49). */
export async function warnOfNames(
  reads: Pick<Reads, 'findUnclearNames' | 'findUnclearProjectIds'>,
  log: WarnLog,
): Promise<void> {
  const told = (names: readonly string[]) => ({ names: names.slice(0, namesTold), more: names.length > namesTold });
  const found = await reads.findUnclearNames(namesTold + 1);
  if (found.length > 0) {
    log.warn(
      told(found),
      'some names differ from others by case alone, or read like Modelgate itself: make these users and applications anew by other names, give those what they have, and delete these',
    );
  }
  const projects = await reads.findUnclearProjectIds(namesTold + 1);
  if (projects.length > 0) {
    log.warn(
      told(projects),
      'some ids of projects differ from others by case alone: make these projects and their models anew by other ids, and delete these',
    );
  }
}
