import { type Document, parseAllDocuments } from 'yaml';

// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds
export type Json = any;

/** Bends the objects of one kind, or with `drop` leaves them out; throws where there is none, so that nothing is bent in vain. */
export function bendObjects(text: string, kind: string, bend: (object: Json) => void, drop = false): string {
  const objects = parseAllDocuments(text).map(document => (document as Document).toJS() as Json);
  const meant = objects.filter(object => object.kind === kind);
  if (meant.length === 0) throw new Error(`no ${kind} to bend`);
  for (const object of meant) bend(object);
  const kept = drop ? objects.filter(object => object.kind !== kind) : objects;
  return kept.map(object => JSON.stringify(object)).join('\n---\n');
}
