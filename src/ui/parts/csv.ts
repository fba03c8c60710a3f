/**
 * A table as RFC 4180 has it, after a byte order mark, without which Excel takes UTF-8 for the code page of the machine. What a spreadsheet would take for a formula is quoted, so that no name or comment runs as one (T31).
 */
export function toCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  return `${byteOrderMark}${rows.map(row => `${row.map(toCell).join(',')}\r\n`).join('')}`;
}

const byteOrderMark = '\ufeff';

/** OWASP's list of first characters that spreadsheets compute. */
const formula = /^[=+\-@\t\r\n]/;

function toCell(value: string | number | null): string {
  const text = String(value ?? '');
  const safe = typeof value === 'string' && formula.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
