import { type Document, parseAllDocuments } from 'yaml';

// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds
export type Json = any;

/** The documents of a config, to be bent. */
export interface Manifest {
  /**
   * The only one of a kind, or of a kind and name; of no kind for Envoy's own. Throws where there is none or another, so
   * that nothing is bent in vain.
   */
  one(kind?: string, name?: string): Json;
  /** The first of a kind, of several that are alike. Throws where there is none. */
  first(kind: string): Json;
  /** Takes that one out. */
  drop(kind: string): void;
  add(document: Json): void;
  /** Each of them, in the order of the file. */
  readonly all: Json[];
}

/** A change of a shipped config. */
export interface Slip {
  readonly what: string;
  bend(manifest: Manifest): unknown;
}

/** A shipped config after slips. */
export function bent(text: string, ...slips: readonly Slip[]): string {
  const documents: Json[] = parseAllDocuments(text).map(document => (document as Document).toJS());
  const one = (kind?: string, name?: string) => {
    const found = documents.filter(
      document => document?.kind === kind && (name ?? document.metadata?.name) === document.metadata?.name,
    );
    if (found.length !== 1) throw new Error(`${found.length} documents of the kind ${kind} named ${name}`);
    return found[0];
  };
  const manifest: Manifest = {
    one,
    first: kind => one(kind, documents.find(document => document?.kind === kind)?.metadata.name),
    all: documents,
    drop: kind => documents.splice(documents.indexOf(one(kind)), 1),
    add: document => documents.push(document),
  };
  for (const slip of slips) slip.bend(manifest);
  return documents.map(document => JSON.stringify(document, null, 1)).join('\n---\n');
}
