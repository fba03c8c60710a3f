import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { refuseNameTwice } from '../input/read-json.ts';
import { yamlFaultWords } from '../words/yaml-fault.ts';
import { Refusal } from './cli-error.ts';
import { takeInput } from './text-input.ts';

/** A site document as it was written, able to tell where a field of it stands. */
export interface SiteFile {
  readonly name: string;
  readonly document: object;
  /** `NAME:LINE` of a field in the API's words (`projects.0.models.1.target`), or of what is around it; of JSON, the name alone. */
  placeOf(field: string): string;
}

/**
 * Reads JSON or YAML. Throws a Refusal with a line for each fault of YAML's syntax, a name given twice
 * among them. No value of the text is repeated: it may be an access key.
 */
export function parseSiteFile(text: string, name: string): SiteFile {
  // JSON is YAML too, but a site of a hundred thousand keys takes its own parser 0.1 s, and YAML's 5 s and 1 GB.
  const document = parseJson(text);
  if (document) {
    takeInput(name, () => refuseNameTwice(text));
    return { name, document, placeOf: () => name };
  }
  return parseYaml(text, name);
}

function parseJson(text: string): object | undefined {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function parseYaml(text: string, name: string): SiteFile {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const found = [...parsed.errors, ...parsed.warnings].map(fault => [fault.pos[0], yamlFaultWords(fault)] as const);
  const faults = [...found, ...emptyShorthands(parsed)].map(([at, told]) => {
    const { line, col } = lines.linePos(at);
    return `${name}:${line}:${col}: ${told}`;
  });
  if (faults.length > 0) {
    throw new Refusal(`${name} is no valid YAML`, faults);
  }
  const root = parsed.contents;
  if (!isMap(root)) {
    throw new Refusal(`${name} must be a mapping, such as {users: […], projects: […]}`);
  }
  const placeOf = (field: string) => {
    const offset = nearestNode(root, field.split('.')).range?.[0];
    return offset === undefined ? name : `${name}:${lines.linePos(offset).line}`;
  };
  try {
    return { name, document: parsed.toJS(), placeOf };
  } catch {
    // Aliases that multiply beyond all measure.
    throw new Refusal(`${name} can't be read: its aliases (*…) multiply without end; write out what they stand for`);
  }
}

/** Where YAML's own shorthands stand for nothing: merge keys, which YAML 1.2 would take for fields of the name `<<`, and unknown aliases. */
function emptyShorthands(parsed: Document): [offset: number, told: string][] {
  const found: [number, string][] = [];
  const anchors = new Set<string>();
  visit(parsed, (_key, node) => {
    if (isPair(node) && isScalar(node.key) && node.key.value === '<<') {
      found.push([node.key.range?.[0] ?? 0, 'merge keys (<<) mean nothing here: write out what they stand for']);
    } else if (isAlias(node) && !anchors.has(node.source)) {
      found.push([node.range?.[0] ?? 0, yamlFaultWords({ code: 'BAD_ALIAS', message: '' })]);
    } else if (isNode(node) && 'anchor' in node && typeof node.anchor === 'string') {
      anchors.add(node.anchor);
    }
  });
  return found;
}

/** The innermost node on the way to a field: what is missing has its parent's place. */
function nearestNode(root: Node, path: readonly string[]): Node {
  let node = root;
  for (const part of path) {
    const next = child(node, part);
    if (!next) {
      break;
    }
    node = next;
  }
  return node;
}

/** Entries of a list are named by their position, or by their id. */
function child(node: Node, part: string): Node | undefined {
  if (isMap(node)) {
    return node.get(part, true) as Node | undefined;
  }
  if (isSeq(node)) {
    return (node.get(part, true) ?? node.items.find(item => isMap(item) && hasValue(item, part))) as Node | undefined;
  }
  return undefined;
}

function hasValue(item: YAMLMap, wanted: string): boolean {
  return item.items.some(({ value }) => isScalar(value) && String(value.value) === wanted);
}
