import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
} from 'yaml';
import { yamlFaultWords } from '../../words/yaml-fault.ts';
import { ConfigNode, canonical, type Place } from './config-node.ts';
import { depthMax, isTooDeep } from './refuse-deep-text.ts';

/** Aliases can multiply without end; a config dump of a large mesh holds about a million values. */
const valuesMax = 4_000_000;
/** Envoy leaves out a member whose name has this tag. */
const ignoreTag = { tag: '!ignore', resolve: (text: string) => text };

/** What Envoy answers in place of a dump in which a message is of a type that it was built without. */
const unconverted = /^\s*Failed to convert protobuf message to JSON string/;

/** The text can't be checked; the message says why, with lines where there are any. */
export class UnreadableConfig extends Error {
  override readonly name = 'UnreadableConfig';
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}

/** Where a text begins that stands inside another one: a ConfigMap holds MeshConfig as a text. */
export interface Origin {
  readonly document: number;
  readonly object: string;
  readonly path: string;
  readonly linesBefore: number;
}

/** Each document of a YAML or JSON text that holds anything. Throws UnreadableConfig. */
export function readDocuments(text: string, origin?: Origin): readonly ConfigNode[] {
  if (unconverted.test(text)) {
    throw new UnreadableConfig("it is no config: Envoy's admin port could not write its own as JSON", [lacking(text)]);
  }
  if (isTooDeep(text)) {
    throw tooDeep();
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, customTags: [ignoreTag] });
  const documents: readonly Document.Parsed<ParsedNode>[] = 'empty' in parsed ? [] : parsed;
  const before = origin?.linesBefore ?? 0;
  const faults = documents
    .flatMap(({ errors, warnings }) => [...errors, ...warnings])
    .map(fault => `line ${lines.linePos(fault.pos[0]).line + before}: ${yamlFaultWords(fault)}`);
  if (faults.length > 0) {
    throw new UnreadableConfig('it is no valid YAML or JSON', faults.slice(0, 5));
  }
  const lineAt = (offset: number) => lines.linePos(offset).line + before;
  const roots = documents.map((document, at) => {
    const place = {
      document: origin?.document ?? at + 1,
      object: origin?.object ?? objectIn(document),
      path: origin?.path ?? '',
    };
    return new TreeBuilder(document, lineAt).build(place);
  });
  return roots.filter(root => root.exists);
}

function objectIn(document: Document.Parsed): string {
  const [kind, name, namespace = 'default'] = [['kind'], ['metadata', 'name'], ['metadata', 'namespace']].map(path =>
    document.hasIn(path) ? String(document.getIn(path)) : undefined,
  );
  return kind === undefined || name === undefined ? '' : `${kind} ${namespace}/${name}`;
}

/** The type's name, where Envoy says it, is no secret. */
function lacking(text: string): string {
  const [type = 'some type'] = /(?:type\.googleapis\.com\/)?[a-z][\w]*(\.\w+){2,}/.exec(text) ?? [];
  return `this Envoy knows no ${type}, which its control plane sent: take the dump of an Envoy of the control plane's own version, such as Istio's proxy`;
}

function tooDeep(): UnreadableConfig {
  return new UnreadableConfig(`it is nested deeper than ${depthMax} levels`);
}

function unread(line: number | undefined, message: string): UnreadableConfig {
  return new UnreadableConfig('it is not what Envoy reads', [`line ${line ?? 1}: ${message}`]);
}

function isIgnored(node: unknown): boolean {
  return isScalar(node) && node.tag === ignoreTag.tag;
}

class TreeBuilder {
  readonly #document: Document.Parsed;
  readonly #lineAt: (offset: number) => number;
  #values = 0;

  constructor(document: Document.Parsed, lineAt: (offset: number) => number) {
    this.#document = document;
    this.#lineAt = lineAt;
  }

  build(place: Omit<Place, 'line'>): ConfigNode {
    const { contents } = this.#document;
    const line = this.#lineOf(contents) ?? 1;
    return this.#fill(new ConfigNode({ ...place, line }), contents, 0);
  }

  #fill(into: ConfigNode, node: unknown, depth: number): ConfigNode {
    this.#values += 1;
    if (depth > depthMax) {
      throw tooDeep();
    }
    if (this.#values > valuesMax) {
      throw new UnreadableConfig(`it holds more than ${valuesMax} values`);
    }
    if (isAlias(node)) {
      return this.#fill(into, node.resolve(this.#document), depth + 1);
    }
    if (isMap(node)) {
      const written = node.items.filter(({ key }) => !isIgnored(key));
      const members = written.map(({ key, value }) => {
        const name = isScalar(key) ? String(key.value) : '?';
        if (name === '<<') {
          throw unread(
            this.#lineOf(key),
            'merge keys (<<) are not read, and Envoy refuses them: write the members out',
          );
        }
        const path = into.place.path === '' ? name : `${into.place.path}.${name}`;
        return this.#child(into, { path, line: this.#lineOf(key) }, name, value, depth);
      });
      return into.fill({ kind: 'map', members: new Map(members.map(member => [canonical(member.key), member])) });
    }
    if (isSeq(node)) {
      const items = node.items.map((item, at) =>
        this.#child(into, { path: `${into.place.path}[${at}]`, line: this.#lineOf(item) }, '', item, depth),
      );
      return into.fill({ kind: 'list', items });
    }
    if (isIgnored(node)) {
      throw unread(this.#lineOf(node), 'Envoy reads !ignore only in front of a name: !ignore name: value');
    }
    const value = isScalar(node) ? node.value : undefined;
    return value === null || value === undefined
      ? into
      : into.fill({ kind: 'scalar', value: typeof value === 'object' ? String(value) : (value as string) });
  }

  #child(
    parent: ConfigNode,
    { path, line = parent.place.line }: { path: string; line: number | undefined },
    name: string,
    value: unknown,
    depth: number,
  ): ConfigNode {
    return this.#fill(new ConfigNode({ ...parent.place, path, line }, name, parent), value, depth + 1);
  }

  #lineOf(node: unknown): number | undefined {
    const offset = (node as Node | null | undefined)?.range?.[0];
    return offset === undefined ? undefined : this.#lineAt(offset);
  }
}
