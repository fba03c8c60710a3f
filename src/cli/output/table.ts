import { cutTo, printable, widthOf } from './text-width.ts';

export interface Column<T> {
  readonly title: string;
  readonly of: (row: T) => string;
  /** Never cut: half an id names nothing. */
  readonly whole?: boolean;
}

const gap = '  ';
/** Narrower than this, a cut column says nothing. */
const narrowestCut = 8;

/** Rows under their titles, columns cut where they would pass the width. Without a width (no terminal) nothing is cut. */
export function renderTable<T>(columns: readonly Column<T>[], rows: readonly T[], width?: number): string {
  const cells = rows.map(row => columns.map(column => printable(column.of(row))));
  const titled = columns.some(({ title }) => title !== '') ? [columns.map(({ title }) => title), ...cells] : cells;
  const natural = columns.map((_column, at) => Math.max(0, ...titled.map(line => widthOf(line[at] ?? ''))));
  const widths = width === undefined ? natural : fitted(columns, natural, width);
  return titled.map(line => `${renderLine(line, widths)}\n`).join('');
}

function renderLine(line: readonly string[], widths: readonly number[]): string {
  const padded = line.map((cell, at) => {
    const width = widths[at] ?? 0;
    const text = cutTo(cell, width);
    return text + ' '.repeat(Math.max(0, width - widthOf(text)));
  });
  return padded.join(gap).trimEnd();
}

/** Takes from the widest column that may be cut until the line fits, or none can give more. */
function fitted<T>(columns: readonly Column<T>[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const room = width - gap.length * (columns.length - 1);
  for (let excess = widths.reduce((sum, each) => sum + each, 0) - room; excess > 0; excess -= 1) {
    const cuttable = widths.map((each, at) => (columns[at]?.whole ? 0 : each));
    const widest = cuttable.indexOf(Math.max(...cuttable));
    if ((cuttable[widest] ?? 0) <= narrowestCut) {
      break;
    }
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
