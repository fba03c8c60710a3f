/** Values bound in one statement, well below what SQLite and PostgreSQL take. */
const valuesPerStatement = 500;

/** What a query that takes many values finds, by its id; made a bounded number of rows at a time, so that no check waits for it (T33). */
export async function mapInChunks<V, Row, Found>(
  values: readonly V[],
  query: (chunk: readonly V[]) => PromiseLike<readonly Row[]>,
  toEntry: (row: Row) => readonly [id: string, found: Found],
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  for (let at = 0; at < values.length; at += valuesPerStatement) {
    for (const row of await query(values.slice(at, at + valuesPerStatement))) {
      found.set(...toEntry(row));
    }
  }
  return found;
}

/** Rows of a query that takes many values, asked a bounded number of them at a time. */
export async function inChunks<V, Row>(
  values: readonly V[],
  query: (chunk: readonly V[]) => PromiseLike<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < values.length; at += valuesPerStatement) {
    rows.push(...(await query(values.slice(at, at + valuesPerStatement))));
  }
  return rows;
}
