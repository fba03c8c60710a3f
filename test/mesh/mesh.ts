import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until.ts';
import type { KubeApi } from './kube-api.ts';
import { type KubeObject, parseObjects } from './kube-objects.ts';

/** An Envoy that a real control plane configures from manifests. */
export interface Mesh {
  readonly name: string;
  /** Where calls come in. */
  readonly port: number;
  /** What Envoy holds, as `/config_dump` says it. */
  dump(): Promise<string>;
  /** Puts other manifests in place of those before, and waits until Envoy has what comes of them. */
  apply(manifests: string): Promise<void>;
  close(): Promise<void>;
}

/** How often, and how long apart, the dump must be the same before it counts as what comes of the manifests. */
const QUIET_LOOKS = 4;
const LOOK_MS = 400;

/** Replaces the manifests in the API; `first` may bend what goes there, not what the file says. */
export function replaceManifests(api: KubeApi, before: readonly KubeObject[], manifests: string): KubeObject[] {
  const objects = parseObjects(manifests);
  const idOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace}/${metadata.name}`;
  const kept = new Set(objects.map(idOf));
  for (const old of before.filter(object => !kept.has(idOf(object)))) {
    const table = api.store.tables.find(({ resource }) => resource.kind === old.kind);
    if (table !== undefined) api.store.delete(table, `${old.metadata.namespace}/${old.metadata.name}`);
  }
  for (const object of objects) api.store.apply(object);
  return objects;
}

/** The dump of an Envoy's admin port, without what changes by itself. */
export async function dumpOf(adminPort: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${adminPort}/config_dump?include_eds`)).text();
}

/** Waits until Envoy holds a listener and nothing has changed for a while. */
export async function settled(what: string, adminPort: number): Promise<void> {
  let last = '';
  let same = 0;
  await until(`${what} settles`, async () => {
    const now = await dumpOf(adminPort).catch(() => '');
    same = now === last && now.includes('http_connection_manager') ? same + 1 : 0;
    last = now;
    await sleep(LOOK_MS);
    return same >= QUIET_LOOKS;
  });
}
