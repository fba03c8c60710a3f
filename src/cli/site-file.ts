import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { refuseNameTwice } from '../input/read-json.ts';
import { Refusal } from './cli-error.ts';
import { takeInput } from './text-input.ts';

/** A site document as it was written, able to tell where a field of it stands. */
export interface SiteFile {
  readonly name: string;
  readonly document: object;
  /** `NAME:LINE` of a field in the API's words (`projects.0.models.1.target`), or of what is around it; of JSON, the name alone. */
  placeOf(field: string): string;
}

/** What the parser found, at the end of some of its messages. */
const quoted = /: ["|>][\s\S]*$/;

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

/** The parser tells programmers which of its functions to call. */
const severalDocuments = 'another document begins here (---): a file holds one, so apply each from a file of its own';

function parseYaml(text: string, name: string): SiteFile {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [...parsed.errors, ...parsed.warnings].map(({ pos, code, message }) => {
    const { line, col } = lines.linePos(pos[0]);
    const told = code === 'MULTIPLE_DOCS' ? severalDocuments : message.replace(quoted, '');
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
  } catch (fault) {
    // Aliases that multiply beyond all measure.
    throw new Refusal(`${name} can't be read: ${(fault as Error).message}`);
  }
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
