import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from './render-config.ts';

const READY_POLL_MS = 25;

export interface EnvoyPorts {
  gatewayPort: number;
  adminPort: number;
}

/** Both null when the binary could not even be started. */
export interface EnvoyExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Ports of an Envoy whose workers accept; rejects at the deadline or when Envoy ends first. */
export async function awaitReady(
  adminAddressFile: string,
  timeoutMs: number,
  exited: Promise<EnvoyExit>,
): Promise<EnvoyPorts> {
  let ended: EnvoyExit | undefined;
  void exited.then(exit => {
    ended = exit;
  });
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (ended !== undefined) throw new Error(`Envoy ended at its start (code ${ended.code}, signal ${ended.signal}).`);
    const ports = await readyPorts(adminAddressFile).catch(() => undefined);
    if (ports !== undefined) return ports;
    await sleep(READY_POLL_MS);
  }
  throw new Error(`Envoy was not ready within ${timeoutMs} ms.`);
}

/** Undefined, or a rejection, as long as Envoy is not ready. */
async function readyPorts(adminAddressFile: string): Promise<EnvoyPorts | undefined> {
  const adminAddress = (await readFile(adminAddressFile, 'utf8')).trim();
  const ask = (route: string) => fetch(`http://${adminAddress}${route}`, { signal: AbortSignal.timeout(1_000) });
  if ((await ask('/ready')).status !== 200) return undefined;
  // "Ready" comes a moment before the worker threads accept connections.
  if (!(await (await ask('/stats?filter=workers_started')).text()).includes('workers_started: 1')) return undefined;
  const { listener_statuses: listeners } = (await (await ask('/listeners?format=json')).json()) as {
    listener_statuses: { local_address: Address }[];
  };
  const gateway = listeners[0]?.local_address;
  if (gateway === undefined || !('socket_address' in gateway)) return undefined;
  return { gatewayPort: gateway.socket_address.port_value, adminPort: Number(adminAddress.split(':').at(-1)) };
}
