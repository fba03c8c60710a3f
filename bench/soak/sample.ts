import { readdirSync } from 'node:fs';
import { memoryMib } from '../servers/process-figures.ts';
import type { StartedServer } from '../servers/start-server.ts';

/** What a server holds at an instant: memory in MiB, descriptors by their number. */
export interface Sample {
  readonly resident: number;
  readonly heap: number;
  /** Outside the heap: buffers and the columns of the snapshot. */
  readonly external: number;
  readonly descriptors: number;
}

const mib = 2 ** 20;

/** Reads what the kernel and the server's own metrics tell. Rejects where the server does not answer. */
export async function takeSample({ pid, admin }: StartedServer): Promise<Sample> {
  const ask = () => fetch(`${admin?.url}/metrics`);
  // Once more: the connection of the sample before may be closed, for being idle, at the very instant of this one.
  const metrics = await (await ask().catch(ask)).text();
  const metric = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
  return {
    resident: memoryMib(pid).now,
    heap: metric('nodejs_heap_size_used_bytes') / mib,
    external: metric('nodejs_external_memory_bytes') / mib,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}
