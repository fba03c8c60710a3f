import { valueWords } from '../../words/value-words.ts';
import { type Column, renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { printableJson } from './text-width.ts';

export type Format = 'table' | 'json';
export const formats: readonly Format[] = ['table', 'json'];

/** A list: as JSON an array of what the API answered, as a table its columns; of nothing, a note that says so. */
export async function showList<T>(
  terminal: Terminal,
  format: Format,
  { rows, columns, none }: { rows: readonly T[]; columns: readonly Column<T>[]; none: string },
): Promise<void> {
  if (format === 'json') {
    await terminal.print(toJson(rows));
  } else if (rows.length === 0) {
    terminal.note(none);
  } else {
    await printTable(terminal, columns, rows);
  }
}

/** A table within the width of the terminal; a note says what there was no room for. */
export async function printTable<T>(
  terminal: Terminal,
  columns: readonly Column<T>[],
  rows: readonly T[],
): Promise<void> {
  const { text, leftOut } = renderTable(columns, rows, terminal.width);
  await terminal.print(text);
  if (leftOut.length > 0) {
    terminal.note(`no room for ${leftOut.join(', ')}: use a wider terminal, or -o json`);
  }
}

/** One thing: as JSON what the API answered, else a line for each of its fields. */
export async function showThing(terminal: Terminal, format: Format, thing: object): Promise<void> {
  if (format === 'json') {
    await terminal.print(toJson(thing));
    return;
  }
  const columns: Column<[string, unknown]>[] = [
    { title: '', of: ([name]) => name, whole: true },
    { title: '', of: ([name, value]) => asText(name, value), whole: true },
  ];
  await printTable(terminal, columns, Object.entries(thing));
}

/** What was done: in words, or as JSON what the API answered, an empty object where that is nothing. */
export async function showDone(terminal: Terminal, format: Format, words: string, answer: object = {}): Promise<void> {
  await terminal.print(format === 'json' ? toJson(answer) : `${words}\n`);
}

/** A secret: alone on its line, or as JSON within what the API answered. */
export async function showSecret(
  terminal: Terminal,
  format: Format,
  { answer, secret, ifLost }: { readonly answer: object; readonly secret: string; readonly ifLost: string },
): Promise<void> {
  await terminal.printSecret(format === 'json' ? toJson(answer).trimEnd() : secret, ifLost);
}

export function toJson(value: unknown): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}

/** An instant of the API in fewer characters: minutes, in UTC. */
export function asTime(instant: string | null): string {
  return instant === null ? '-' : `${instant.slice(0, 16).replace('T', ' ')}Z`;
}

export function asYesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function asText(name: string, value: unknown): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) {
    return '-';
  }
  return typeof value === 'string' ? value : valueWords(name, value);
}
