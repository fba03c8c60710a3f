import { Pace } from './pace.ts';

/** Entries of a list that are written at once. */
const entriesPerPiece = 100;

/** An object as JSON, in pieces of its lists with pauses in between: in one go, a large one would keep checks waiting (T33). */
export async function* jsonPieces(object: Readonly<Record<string, unknown>>): AsyncGenerator<string> {
  const pace = new Pace();
  let opening = '{';
  for (const [name, value] of Object.entries(object).filter(([, each]) => each !== undefined)) {
    yield `${opening}${JSON.stringify(name)}:`;
    opening = ',';
    if (Array.isArray(value)) {
      yield* listPieces(value, pace);
    } else {
      yield JSON.stringify(value);
    }
  }
  yield opening === '{' ? '{}' : '}';
}

async function* listPieces(list: readonly unknown[], pace: Pace): AsyncGenerator<string> {
  yield '[';
  for (let at = 0; at < list.length; at += entriesPerPiece) {
    const piece = JSON.stringify(list.slice(at, at + entriesPerPiece)).slice(1, -1);
    yield at === 0 ? piece : `,${piece}`;
    if (pace.isDue) {
      await pace.pause();
    }
  }
  yield ']';
}
