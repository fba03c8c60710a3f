import { cutTo, printable, widthOf } from './text-width.ts';

export interface Column<T> {
  readonly title: string;
  readonly of: (row: T) => string;
  /** Never cut: half an id names nothing. */
  readonly whole?: boolean;
}

export interface Table {
  /** Lines, each ended. */
  readonly text: string;
  /** Titles of the columns for which the width leaves no room. */
  readonly leftOut: readonly string[];
}

const gap = '  ';
/** Narrower than this, a cut column says nothing. */
const narrowestCut = 8;
/** What a cell holds that says nothing. */
const silent = ['', '-'];

interface Placed {
  readonly title: string;
  readonly cells: readonly string[];
  readonly isWhole: boolean;
  width: number;
}

/**
 * Rows under their titles, within the width: columns that may be are cut; where that is not enough, columns are left out,
 * those first that say nothing, then from the last on. The first one stays. Without a width (no terminal) everything is shown.
 */
export function renderTable<T>(columns: readonly Column<T>[], rows: readonly T[], width?: number): Table {
  const placed = columns.map(({ title, of, whole = false }): Placed => {
    const cells = rows.map(row => printable(of(row)));
    const natural = cells.reduce((most, cell) => Math.max(most, widthOf(cell)), widthOf(title));
    return { title, cells, isWhole: whole, width: natural };
  });
  const shown = width === undefined ? placed : fitted(placed, width);
  const hasTitles = columns.some(({ title }) => title !== '');
  const lines = rows.map((_row, at) => renderLine(shown, ({ cells }) => cells[at] ?? ''));
  return {
    text: [...(hasTitles ? [renderLine(shown, ({ title }) => title)] : []), ...lines].join(''),
    leftOut: placed.filter(column => !shown.includes(column)).map(({ title }) => title),
  };
}

function renderLine(columns: readonly Placed[], cellOf: (column: Placed) => string): string {
  const padded = columns.map(column => {
    const text = cutTo(cellOf(column), column.width);
    return text + ' '.repeat(Math.max(0, column.width - widthOf(text)));
  });
  return `${padded.join(gap).trimEnd()}\n`;
}

function fitted(columns: readonly Placed[], width: number): readonly Placed[] {
  let shown = columns;
  while (shown.length > 1 && widthOfLine(shown.map(narrowest)) > width) {
    const least = shown.findLast(({ cells }, at) => at > 0 && cells.every(cell => silent.includes(cell)));
    const dropped = least ?? shown.at(-1);
    shown = shown.filter(column => column !== dropped);
  }
  narrow(shown, widthOfLine(shown.map(column => column.width)) - width);
  return shown;
}

/** Takes from the widest column that may be cut, until the line fits or none can give more. */
function narrow(columns: readonly Placed[], excess: number): void {
  for (let left = excess; left > 0; left -= 1) {
    const able = columns.filter(column => column.width > narrowest(column));
    const [widest] = able.sort((one, two) => two.width - one.width);
    if (!widest) {
      return;
    }
    widest.width -= 1;
  }
}

function narrowest({ isWhole, width }: Placed): number {
  return isWhole ? width : Math.min(width, narrowestCut);
}

function widthOfLine(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, gap.length * (widths.length - 1));
}
