/** Values bound in one statement, well below what SQLite and PostgreSQL take. */
const valuesPerStatement = 1000;

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
