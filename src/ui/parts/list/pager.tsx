import { counted } from '../in-words.ts';

interface Props {
  readonly count: number;
  /** One entry, and many, in a sentence. */
  readonly noun: readonly [string, string];
  /** How many entries lie before this page. */
  readonly from: number;
  /** The token of the next page; empty: this is the last. */
  readonly next: string;
  /** The token of this page; undefined: it is the first. */
  readonly token: string | undefined;
  /** Tokens of the pages before, by how many entries lie before each; kept by whoever outlives the page. */
  readonly visited: { current: Readonly<Record<number, string | undefined>> };
  readonly turn: (token: string | undefined, from: string | undefined) => void;
}

/** How many there are, or which they are of more that follow, and the way to the others. The server's pages are found by the one before, so the way back is kept. */
export function Pager({ count, noun, from, next, token, visited, turn }: Props) {
  const isFirst = token === undefined;
  const last = from + count;
  const previous = Object.keys(visited.current)
    .map(Number)
    .filter(at => at < from)
    .at(-1);
  const forward = () => {
    visited.current = { ...visited.current, [from]: token };
    turn(next, String(last));
  };
  return (
    <div class="pager">
      <span class="number">{wordsOf({ count, noun, from, next })}</span>
      {!isFirst && (
        <button type="button" onClick={() => turn(undefined, undefined)}>
          First page
        </button>
      )}
      {!isFirst && previous !== undefined && previous > 0 && (
        <button type="button" onClick={() => turn(visited.current[previous], String(previous))}>
          Previous page
        </button>
      )}
      {next !== '' && (
        <button type="button" onClick={forward}>
          Next page
        </button>
      )}
    </div>
  );
}

/** Such as "3 users", "Users 51–100, more follow" or "Users 101–120 of 120". */
function wordsOf({ count, noun, from, next }: Pick<Props, 'count' | 'noun' | 'from' | 'next'>): string {
  const last = from + count;
  const isAll = from === 0 && next === '';
  if (isAll || count === 0) {
    return counted(last, ...noun) + (next === '' ? '' : ', more may follow');
  }
  const [first, end] = [from + 1, last].map(at => at.toLocaleString('en'));
  const name = noun[count === 1 ? 0 : 1];
  const rest = next === '' ? ` of ${end}` : ', more follow';
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${count === 1 ? end : `${first}–${end}`}${rest}`;
}
