/** Edits that a slip of the pen takes; in a short name that would be another word. */
const editsMax = (name: string) => (name.length < 6 ? 1 : 2);
/** Of so many words at least, one that is wrong, missing or too much leaves no doubt what was meant. */
const wordsMin = 3;

/** Those of the names that were probably meant: a letter or two are wrong, or one word of several. Names as of the environment. */
export function nearSettings(name: string, known: readonly string[]): string[] {
  const bare = (each: string) => each.replace(/^MODELGATE_/, '');
  return known.filter(each => isNear(bare(name), bare(each)));
}

function isNear(name: string, setting: string): boolean {
  const [words, meant] = [name.split('_'), setting.split('_')];
  const isWordApart = Math.max(words.length, meant.length) >= wordsMin && editDistance(words, meant) <= 1;
  return isWordApart || editDistance([...name], [...setting]) <= editsMax(setting);
}

/** How many insertions, removals, replacements and swaps of neighbours lead from one to the other (optimal string alignment). */
function editDistance(one: readonly string[], other: readonly string[]): number {
  const rows = [[...Array(other.length + 1).keys()]];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (const [i, piece] of one.entries()) {
    rows.push([i + 1]);
    for (const [j, wanted] of other.entries()) {
      const replaced = at(i, j) + (piece === wanted ? 0 : 1);
      const isSwap = piece === other[j - 1] && one[i - 1] === wanted;
      const swapped = isSwap ? at(i - 1, j - 1) + 1 : Number.POSITIVE_INFINITY;
      rows[i + 1]?.push(Math.min(at(i, j + 1) + 1, at(i + 1, j) + 1, replaced, swapped));
    }
  }
  return at(one.length, other.length);
}
