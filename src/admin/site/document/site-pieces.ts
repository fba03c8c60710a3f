import type { SitePart } from '../../schemas/site.ts';

/** A part of a document that is small enough to be handed over at once. */
export interface SitePiece {
  /** Where it belongs: a thing, or a list. */
  readonly path: readonly PropertyKey[];
  /** Of a thing: its fields, its lists still empty. */
  readonly fields?: object;
  /** Of a list: its next entries. */
  readonly entries?: readonly unknown[];
}

/** Entries in a piece, and entries of a list inside one of them that go along with it; a longer list comes in pieces of its own. */
const entriesPerPiece = 100;
const innerEntriesMax = 20;

type Thing = Readonly<Record<string, unknown>>;

/** A document that its schema has let pass, in an order in which it can be put together again. */
export function* sitePieces(part: SitePart, document: Thing): Generator<SitePiece> {
  yield { path: [], fields: withoutLists(part, document, 0) };
  yield* listPieces(part, document, [], 0);
}

function* listPieces(
  part: SitePart,
  thing: Thing,
  path: readonly PropertyKey[],
  keptMax: number,
): Generator<SitePiece> {
  for (const [name, inner] of Object.entries(part.lists)) {
    const list = thing[name];
    if (!Array.isArray(list) || list.length <= keptMax) {
      continue;
    }
    const place = [...path, name];
    for (let at = 0; at < list.length; at += entriesPerPiece) {
      const entries = list.slice(at, at + entriesPerPiece);
      yield { path: place, entries: entries.map(entry => withoutLists(inner, entry, innerEntriesMax)) };
    }
    if (Object.keys(inner.lists).length > 0) {
      for (const [at, entry] of list.entries()) {
        yield* listPieces(inner, entry, [...place, at], innerEntriesMax);
      }
    }
  }
}

/** A thing with those of its lists emptied that are longer. */
function withoutLists(part: SitePart, thing: Thing, keptMax: number): Thing {
  const emptied = Object.keys(part.lists).filter(name => {
    const list = thing[name];
    return Array.isArray(list) && list.length > keptMax;
  });
  return emptied.length === 0 ? thing : { ...thing, ...Object.fromEntries(emptied.map(name => [name, []])) };
}
