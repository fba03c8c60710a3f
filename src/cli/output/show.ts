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
    await terminal.print(renderTable(columns, rows, terminal.width));
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
    { title: '', of: ([, value]) => asText(value), whole: true },
  ];
  await terminal.print(renderTable(columns, Object.entries(thing), terminal.width));
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

function asText(value: unknown): string {
  if (value === null || value === '') {
    return '-';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
