import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** An object of the Kubernetes API; as much of its shape as the stub looks at. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: spec, status and data differ with the kind
  [more: string]: any;
}

/** A kind that the stub serves: where it stands in paths, and the schemas whose defaults are filled in. */
export interface KubeResource {
  readonly group: string;
  readonly versions: readonly string[];
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly schemas: Readonly<Record<string, Schema>>;
}

interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** Every object in a YAML file, or in all files under a folder. */
export function readObjects(path: string): KubeObject[] {
  if (statSync(path).isDirectory()) {
    return readdirSync(path).flatMap(name => readObjects(join(path, name)));
  }
  return parseObjects(readFileSync(path, 'utf8'));
}

export function parseObjects(text: string): KubeObject[] {
  return parseAllDocuments(text)
    .map(document => document.toJS() as KubeObject | null)
    .filter(object => object?.kind !== undefined) as KubeObject[];
}

/** What a CustomResourceDefinition adds to the API. */
export function resourceOf(crd: KubeObject): KubeResource {
  const served = crd['spec'].versions.filter((version: { served: boolean }) => version.served);
  return {
    group: crd['spec'].group,
    versions: served.map((version: { name: string }) => version.name),
    plural: crd['spec'].names.plural,
    kind: crd['spec'].names.kind,
    namespaced: crd['spec'].scope === 'Namespaced',
    schemas: Object.fromEntries(
      served.map((version: { name: string; schema: { openAPIV3Schema: Schema } }) => [
        version.name,
        version.schema.openAPIV3Schema,
      ]),
    ),
  };
}

/** A copy as the API server keeps it: with the schema's defaults and what the server writes itself. */
export function admitted(object: KubeObject, resource: KubeResource): KubeObject {
  const copy = structuredClone(object);
  const version = copy.apiVersion.split('/').at(-1) as string;
  copy.metadata.uid ??= randomUUID();
  copy.metadata.generation ??= 1;
  copy.metadata.creationTimestamp ??= new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  if (resource.namespaced) copy.metadata.namespace ??= 'default';
  fill(copy, resource.schemas[version]);
  return copy;
}

function fill(value: unknown, schema: Schema | undefined): void {
  if (schema === undefined || value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const item of value) fill(item, schema.items);
    return;
  }
  const members = value as Record<string, unknown>;
  for (const [name, below] of Object.entries(schema.properties ?? {})) {
    if (members[name] === undefined && below.default !== undefined) members[name] = structuredClone(below.default);
    fill(members[name], below);
  }
}
