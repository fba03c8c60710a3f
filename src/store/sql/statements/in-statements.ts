/** Things per statement: below the number of bound values that SQLite takes, and no long work in one go (T33). */
const thingsPerStatement = 100;

/** As many things at once as one statement takes, made only when their turn comes (T33). */
export function* inStatements<T>(things: Iterable<T>): Generator<T[]> {
  let some: T[] = [];
  for (const thing of things) {
    some.push(thing);
    if (some.length === thingsPerStatement) {
      yield some;
      some = [];
    }
  }
  if (some.length > 0) {
    yield some;
  }
}
