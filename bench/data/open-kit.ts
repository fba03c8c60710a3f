import { warn } from '../report/say.ts';
import type { BenchServer } from '../servers/bench-server.ts';
import { floors } from '../servers/floors.ts';
import { modelgates } from '../servers/modelgate.ts';
import { rivals } from '../servers/rivals.ts';
import type { Kit } from './kit.ts';
import { ownKit } from './own-kit.ts';
import { findPeersKit } from './peers-kit.ts';

export interface Opened {
  readonly kit: Kit;
  /** All that can be named, whether it is there or not. */
  readonly servers: readonly BenchServer[];
}

/** The peers kit with these sets, or what stands in for it: then this project is measured alone, which is said. */
export async function openKit(folder: string, sets: readonly string[]): Promise<Opened> {
  const peers = findPeersKit(folder, process.env);
  try {
    await peers?.prepare(sets);
    if (peers) {
      return { kit: peers, servers: [...modelgates(peers), ...rivals(peers), ...floors] };
    }
    warn(`no peers kit in ${folder} (name its folder with --peers): there are no rivals to compare with`);
  } catch (cause) {
    warn(`the peers kit can't be used: ${cause instanceof Error ? cause.message : cause}`);
  }
  warn(
    'requests are played by a loader in JavaScript, which a quick server outruns: only its CPU time per check means anything',
  );
  const kit = ownKit();
  await kit.prepare(sets);
  return { kit, servers: [...modelgates(kit), ...floors] };
}
