import type { Reads } from '../store/store.ts';
import type { WarnLog } from './warn-of-surroundings.ts';

/** Names in one line of the log. */
const namesTold = 20;

/** Says at the start which names of users and applications may be taken for others; new ones cannot be made so (B49). */
export async function warnOfNames(reads: Pick<Reads, 'findUnclearNames'>, log: WarnLog): Promise<void> {
  const found = await reads.findUnclearNames(namesTold + 1);
  if (found.length > 0) {
    log.warn(
      { names: found.slice(0, namesTold), more: found.length > namesTold },
      'some names differ from others by case alone, or read like Modelgate itself: make these users and applications anew by other names, give those what they have, and delete these',
    );
  }
}
