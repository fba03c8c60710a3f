import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until.ts';
import type { Child } from './child.ts';
import type { KubeApi } from './kube-api.ts';
import { type KubeObject, parseObjects } from './kube-objects.ts';

/** An Envoy that a real control plane configures from manifests. */
export interface Mesh {
  readonly name: string;
  /** Where calls come in. */
  readonly port: number;
  /** What Envoy holds, as `/config_dump` says it. */
  dump(): Promise<string>;
  /** Puts other manifests in place of those before, and waits until Envoy has what comes of them. Answers whether anything did. */
  apply(manifests: string): Promise<boolean>;
  close(): Promise<void>;
}

/** How often, and how long apart, the dump must be the same before it counts as what comes of the manifests. */
const QUIET_LOOKS = 4;
const LOOK_MS = 400;
/** Looks after which a change that has not come has no effect. */
const PATIENT_LOOKS = 12;

/** What a control plane and its Envoy are made of. */
export interface Parts {
  readonly name: string;
  readonly port: number;
  readonly adminPort: number;
  readonly api: KubeApi;
  /** The manifests that are in the API. */
  readonly objects: readonly KubeObject[];
  /** Control plane and Envoy; ended in reverse order. */
  readonly children: readonly Child[];
}

/** The mesh of these parts, once Envoy has what comes of the manifests. */
export async function meshOf({ name, port, adminPort, api, children, ...parts }: Parts): Promise<Mesh> {
  let { objects } = parts;
  const settle = (before: string) =>
    settled(name, adminPort, before).catch(fault => {
      throw new Error([fault, ...children.map(child => child.said().slice(-3000))].join('\n'));
    });
  let holds = await settle('');
  return {
    name,
    port,
    dump: () => dumpOf(adminPort),
    apply: async text => {
      objects = replaceManifests(api, objects, text);
      const before = holds;
      holds = await settle(before);
      return holds !== before;
    },
    close: async () => {
      for (const child of children.toReversed()) await child.close();
      await api.close();
    },
  };
}

/** Replaces the manifests in the API, and answers those that are there now. */
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

/** The dump of an Envoy's admin port. */
export async function dumpOf(adminPort: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${adminPort}/config_dump?include_eds`)).text();
}

/** Its lines in an order of ours, since Envoy writes the members of a map in another one each time, and without times. */
const comparable = (dump: string) =>
  dump
    .split('\n')
    .filter(line => !/"(last_updated|version_info)":/.test(line))
    .map(line => line.replace(/,$/, ''))
    .sort()
    .join('\n');

/** Waits until Envoy holds a listener, and nothing has changed for a while: longer where it is what it was before. Answers what it holds. */
async function settled(what: string, adminPort: number, before: string): Promise<string> {
  let last = '';
  let same = 0;
  await until(`${what} settles`, async () => {
    const now = comparable(await dumpOf(adminPort).catch(() => ''));
    same = now === last && now.includes('http_connection_manager') ? same + 1 : 0;
    last = now;
    await sleep(LOOK_MS);
    return same >= (now === before ? PATIENT_LOOKS : QUIET_LOOKS);
  });
  return last;
}
