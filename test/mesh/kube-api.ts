import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { discovery } from './kube-discovery.ts';
import type { KubeObject } from './kube-objects.ts';
import { type KubeEvent, KubeStore, type KubeTable } from './kube-store.ts';

export interface KubeApi {
  readonly url: string;
  readonly store: KubeStore;
  close(): Promise<void>;
}

/** One request, read: which table, which object of it, and in which form the answer is wanted. */
interface Asked {
  readonly table: KubeTable;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly query: URLSearchParams;
  /** Only metadata is asked for. */
  readonly partial: boolean;
}

/**
 * As much of the Kubernetes API as control planes need: discovery, list, watch, get, create, update, patch, delete, and
 * a yes to every review. It admits everything and checks nobody: it is for tests in a network of their own.
 */
export async function startKubeApi(): Promise<KubeApi> {
  const store = new KubeStore();
  const server = createServer((request, response) => {
    answer(store, request, response).catch(error => reply(response, 500, status(500, String(error))));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(store: KubeStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stub');
  const told = discovery(store, url.pathname);
  if (told !== undefined) return reply(response, 200, told);
  if (url.pathname.endsWith('reviews')) return reply(response, 201, review(url.pathname));
  const asked = read(store, url, String(request.headers.accept));
  if (asked === undefined) return reply(response, 404, status(404, `no ${url.pathname}`));
  if (request.method !== 'GET') return write(store, asked, await text(request), request.method ?? '', response);
  if (asked.name !== undefined) {
    const found = asked.table.objects.get(keyOf(asked));
    return found ? reply(response, 200, shown(asked, found)) : reply(response, 404, status(404, 'not found'));
  }
  if (asked.query.get('watch') === 'true' || asked.query.get('watch') === '1') return watch(store, asked, response);
  const items = matching(asked).map(object => shown(asked, object));
  const kind = asked.partial ? 'PartialObjectMetadataList' : `${asked.table.resource.kind}List`;
  const apiVersion = asked.partial ? 'meta.k8s.io/v1' : apiVersionOf(asked);
  reply(response, 200, { kind, apiVersion, metadata: { resourceVersion: String(store.revision) }, items });
}

function read(store: KubeStore, url: URL, accept: string): Asked | undefined {
  const parts = url.pathname.split('/').filter(part => part !== '');
  const [group, version] = parts[0] === 'api' ? ['', parts[1]] : [parts[1], parts[2]];
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest[1] : undefined;
  const [plural, name] = namespace === undefined ? rest : rest.slice(2);
  const table = store.table(group ?? '', plural ?? '');
  if (table === undefined || version === undefined || !table.resource.versions.includes(version)) return undefined;
  return {
    table,
    version,
    namespace,
    name,
    query: url.searchParams,
    partial: accept.includes('PartialObjectMetadata'),
  };
}

async function write(
  store: KubeStore,
  asked: Asked,
  body: string,
  method: string,
  response: ServerResponse,
): Promise<void> {
  if (method === 'DELETE') {
    if (asked.name === undefined) {
      for (const { metadata } of matching(asked)) store.delete(asked.table, keyOf({ ...asked, ...metadata }));
      return reply(response, 200, status(200, 'deleted'));
    }
    const gone = store.delete(asked.table, keyOf(asked));
    return gone ? reply(response, 200, status(200, 'deleted')) : reply(response, 404, status(404, 'not found'));
  }
  // Protobuf, as some clients write events: nobody reads those.
  if (body.startsWith('k8s\0'))
    return reply(response, 201, { kind: asked.table.resource.kind, apiVersion: apiVersionOf(asked), metadata: {} });
  const sent = parse(body) as KubeObject;
  const before = asked.name === undefined ? undefined : asked.table.objects.get(keyOf(asked));
  const whole = method === 'PATCH' && before !== undefined ? (merged(before, sent) as KubeObject) : sent;
  whole.kind ??= asked.table.resource.kind;
  whole.apiVersion ??= apiVersionOf(asked);
  whole.metadata ??= { name: asked.name ?? '' };
  whole.metadata.name ??= asked.name ?? '';
  if (asked.namespace !== undefined) whole.metadata.namespace = asked.namespace;
  reply(response, method === 'POST' ? 201 : 200, shown(asked, store.put(asked.table, whole)));
}

/** A merge patch (RFC 7386); what server-side apply and strategic merges come to where lists are sent whole. */
function merged(before: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    before !== null && typeof before === 'object' && !Array.isArray(before) ? { ...before } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}

function watch(store: KubeStore, asked: Asked, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const send = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`);
  const tell = ({ type, object }: KubeEvent) => {
    if (isAsked(asked, object)) send(type, shown(asked, object));
  };
  const since = Number(asked.query.get('resourceVersion') || 0);
  if (asked.query.get('sendInitialEvents') === 'true' || since === 0) {
    for (const object of matching(asked)) send('ADDED', shown(asked, object));
  } else {
    for (const event of asked.table.events) if (event.revision > since) tell(event);
  }
  if (asked.query.get('sendInitialEvents') === 'true') {
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    const metadata = { name: '', resourceVersion: String(store.revision), annotations };
    send('BOOKMARK', shown(asked, { apiVersion: '', kind: asked.table.resource.kind, metadata }));
  }
  response.flushHeaders();
  asked.table.watchers.add(tell);
  response.on('close', () => asked.table.watchers.delete(tell));
}

const keyOf = ({ table, namespace, name }: Pick<Asked, 'table'> & Partial<Asked>) =>
  `${table.resource.namespaced ? namespace : ''}/${name}`;

const apiVersionOf = (asked: Asked) =>
  asked.table.resource.group === '' ? asked.version : `${asked.table.resource.group}/${asked.version}`;

function shown(asked: Asked, object: KubeObject): unknown {
  if (asked.partial) return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
  return { ...object, kind: asked.table.resource.kind, apiVersion: apiVersionOf(asked) };
}

const matching = (asked: Asked) => [...asked.table.objects.values()].filter(object => isAsked(asked, object));

function isAsked(asked: Asked, { metadata }: KubeObject): boolean {
  if (asked.namespace !== undefined && metadata.namespace !== asked.namespace) return false;
  const selector = (asked.query.get('labelSelector') ?? '').split(',').filter(term => !/[ (]/.test(term));
  const fields = (asked.query.get('fieldSelector') ?? '').split(',');
  return (
    selector.every(term => term === '' || hasLabel(metadata.labels ?? {}, term)) &&
    fields.every(term => {
      const [, field, value] = /^metadata\.(name|namespace)==?(.*)$/.exec(term) ?? [];
      return field === undefined || metadata[field as 'name' | 'namespace'] === value;
    })
  );
}

function hasLabel(labels: Readonly<Record<string, string>>, term: string): boolean {
  if (term.startsWith('!')) return labels[term.slice(1)] === undefined;
  const [, name = '', operator, value] = /^([^!=]+)(!=|==?)?(.*)$/.exec(term) ?? [];
  if (operator === undefined) return labels[name] !== undefined;
  return (labels[name] === value) === (operator !== '!=');
}

function review(path: string): unknown {
  return path.endsWith('tokenreviews')
    ? { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status: { authenticated: true, user: {} } }
    : { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', status: { allowed: true } };
}

function status(code: number, message: string): unknown {
  const reason = code === 404 ? 'NotFound' : code === 500 ? 'InternalError' : '';
  return { kind: 'Status', apiVersion: 'v1', status: code < 400 ? 'Success' : 'Failure', message, reason, code };
}

function reply(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
