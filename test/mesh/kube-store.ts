import { admitted, type KubeObject, type KubeResource, resourceOf } from './kube-objects.ts';
import { builtInResources } from './kube-resources.ts';

export interface KubeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly object: KubeObject;
}

/** The objects of one kind, and everything that happened to them. */
export interface KubeTable {
  readonly resource: KubeResource;
  readonly objects: Map<string, KubeObject>;
  readonly events: KubeEvent[];
  readonly watchers: Set<(event: KubeEvent) => void>;
}

/** What the stub of the Kubernetes API keeps: one table a kind, one revision for all. */
export class KubeStore {
  readonly tables: KubeTable[] = builtInResources.map(tableOf);
  #revision = 1;

  get revision(): number {
    return this.#revision;
  }

  table(group: string, plural: string): KubeTable | undefined {
    return this.tables.find(({ resource }) => resource.group === group && resource.plural === plural);
  }

  /** Takes an object as `kubectl apply` would; a CustomResourceDefinition adds its kind. Throws for an unknown kind. */
  apply(object: KubeObject): KubeObject {
    if (object.kind === 'CustomResourceDefinition') this.#define(object);
    return this.put(this.#tableOf(object), object);
  }

  /** Deletes what was applied. */
  remove(object: KubeObject): void {
    const table = this.#tableOf(object);
    this.delete(table, keyOf(table, object));
  }

  #tableOf(object: KubeObject): KubeTable {
    const group = object.apiVersion.includes('/') ? (object.apiVersion.split('/')[0] as string) : '';
    const table = this.tables.find(({ resource }) => resource.group === group && resource.kind === object.kind);
    if (table === undefined) throw new Error(`the API has no kind ${object.apiVersion} ${object.kind}`);
    return table;
  }

  put(table: KubeTable, object: KubeObject): KubeObject {
    const key = keyOf(table, object);
    const before = table.objects.get(key);
    const { uid, creationTimestamp } = before?.metadata ?? {};
    const kept = admitted(object, table.resource);
    if (uid !== undefined) kept.metadata.uid = uid;
    if (creationTimestamp !== undefined) kept.metadata.creationTimestamp = creationTimestamp;
    if (before !== undefined) {
      const same = JSON.stringify(before['spec']) === JSON.stringify(kept['spec']);
      kept.metadata.generation = (before.metadata.generation ?? 1) + (same ? 0 : 1);
    }
    this.#happen(table, before === undefined ? 'ADDED' : 'MODIFIED', key, kept);
    return kept;
  }

  delete(table: KubeTable, key: string): KubeObject | undefined {
    const object = table.objects.get(key);
    if (object !== undefined) this.#happen(table, 'DELETED', key, structuredClone(object));
    return object;
  }

  #define(crd: KubeObject): void {
    const resource = resourceOf(crd);
    if (this.table(resource.group, resource.plural) === undefined) this.tables.push(tableOf(resource));
    const { names } = crd['spec'];
    const yes = ['NamesAccepted', 'Established'].map(type => ({
      type,
      status: 'True',
      reason: 'Accepted',
      message: '',
    }));
    crd['status'] = { conditions: yes, acceptedNames: names, storedVersions: resource.versions };
  }

  #happen(table: KubeTable, type: KubeEvent['type'], key: string, object: KubeObject): void {
    this.#revision += 1;
    object.metadata.resourceVersion = String(this.#revision);
    if (type === 'DELETED') table.objects.delete(key);
    else table.objects.set(key, object);
    const event = { type, revision: this.#revision, object };
    table.events.push(event);
    for (const watcher of table.watchers) watcher(event);
  }
}

function keyOf(table: KubeTable, { metadata }: KubeObject): string {
  return `${table.resource.namespaced ? (metadata.namespace ?? 'default') : ''}/${metadata.name}`;
}

function tableOf(resource: KubeResource): KubeTable {
  return { resource, objects: new Map(), events: [], watchers: new Set() };
}
