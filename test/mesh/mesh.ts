import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEnvoy } from '../../envoy/find-envoy.ts';
import { until } from '../support/until.ts';
import { type Child, startChild } from './child.ts';
import type { KubeApi } from './kube-api.ts';
import { type KubeObject, parseObjects } from './kube-objects.ts';

/** An Envoy that a real control plane configures from manifests. */
export interface Mesh {
  readonly name: string;
  /** Of the control plane; of Envoy where there is none. */
  readonly version: string;
  /** Where calls come in. */
  readonly port: number;
  /** What Envoy holds, as `/config_dump` says it. */
  dump(): Promise<string>;
  /** Lines of the access log so far. */
  accessLog(): string[];
  /** Puts other manifests in place of those before, and waits until Envoy has what comes of them. */
  apply(manifests: string): Promise<void>;
  /** Changes an object of the cluster beside the manifests, and waits likewise; no Envoy alone has one. */
  readonly change?: (object: KubeObject) => Promise<void>;
  close(): Promise<void>;
}

/** What a control plane configures, and where its Envoy listens. */
export interface Controlled {
  readonly name: string;
  readonly version: string;
  readonly port: number;
  readonly adminPort: number;
  readonly api: KubeApi;
  readonly control: Child;
  readonly envoy: Child;
  /** What lies in the API so far. */
  readonly manifests: string;
  /** A folder that goes with the mesh. */
  readonly work: string;
}

/** Starts an Envoy that a control plane configures; its access log comes at once, not after 10 s. */
export async function startMeshEnvoy(...args: readonly string[]): Promise<Child> {
  return startChild(await findEnvoy(), [
    ...args,
    ...['--disable-hot-restart', '--concurrency', '1', '--log-level', 'warning', '--file-flush-interval-msec', '50'],
  ]);
}

/** The mesh that these parts are, once Envoy has what comes of the manifests. Rejects with what the parts wrote. */
export async function meshOf(parts: Controlled): Promise<Mesh> {
  const { name, version, port, adminPort, api, control, envoy, work } = parts;
  const settle = (before?: string) =>
    settled(name, adminPort, before).catch(fault => {
      throw new Error(`${fault}\n${envoy.said().slice(-3000)}\n${control.said().slice(-3000)}`);
    });
  const changed = async (change: () => void) => {
    const before = await dumpOf(adminPort);
    change();
    await settle(before);
  };
  let manifests = parts.manifests;
  await settle();
  return {
    name,
    version,
    port,
    dump: () => dumpOf(adminPort),
    accessLog: () => accessLogIn(envoy.said()),
    apply: async text => {
      if (text === manifests) return;
      await changed(() => replaceManifests(api, manifests, text));
      manifests = text;
    },
    change: object => changed(() => api.store.apply(object)),
    close: async () => {
      await envoy.close();
      await control.close();
      await api.close();
      rmSync(work, { recursive: true, force: true });
    },
  };
}

/** Puts manifests into the API in place of others, as `kubectl apply --prune` would. */
export function replaceManifests(api: KubeApi, before: string, manifests: string): void {
  const idOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace}/${metadata.name}`;
  const objects = parseObjects(manifests);
  const kept = new Set(objects.map(idOf));
  for (const old of parseObjects(before).filter(object => !kept.has(idOf(object)))) api.store.remove(old);
  for (const object of objects) api.store.apply(object);
}

/** How often, and how long apart, the dump must be the same before it counts as what comes of the manifests. */
const QUIET_LOOKS = 4;
const LOOK_MS = 250;
/** Longer than a control plane takes to see a change of its objects. */
const CHANGE_MS = 4000;

/** The dump of an Envoy's admin port. */
export async function dumpOf(adminPort: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${adminPort}/config_dump?include_eds`)).text();
}

/**
 * Waits until Envoy holds a listener that speaks HTTP and nothing has changed for a while. With what it held before a
 * change of the manifests: first until it is another; some changes leave it as it was.
 */
async function settled(what: string, adminPort: number, before = ''): Promise<void> {
  const look = async () => inOrder(await dumpOf(adminPort).catch(() => ''));
  const was = inOrder(before);
  if (was !== '') await until('', async () => (await look()) !== was, CHANGE_MS).catch(() => undefined);
  let last = '';
  let same = 0;
  await until(`${what} settles`, async () => {
    const now = await look();
    same = now === last && now.includes('http_connection_manager') ? same + 1 : 0;
    last = now;
    await sleep(LOOK_MS);
    return same >= QUIET_LOOKS;
  });
}

/** Lines of JSON; Envoy's own log has none. */
const accessLogIn = (said: string) => said.split('\n').filter(line => line.startsWith('{'));

/** Envoy writes maps in a new order each time. */
const inOrder = (dump: string) =>
  dump
    .split('\n')
    .map(line => line.replace(/,$/, ''))
    .sort()
    .join('\n');
