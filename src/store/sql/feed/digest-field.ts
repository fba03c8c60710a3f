import { rowEnd } from '../../../changes/packed-row.ts';
import { type PackedPage, PackedRows } from '../../../changes/packed-rows.ts';
import { digestOf } from '../../../keys/digest.ts';

const digestBytes = 64;

/**
 * The page with the digest of a field in place of the field, which a check must not see (B28). A row in which it can't
 * be told which field that is goes without all of its fields, so that it is left out.
 */
export function withDigestOf(field: number, { kind, bytes }: PackedPage): PackedPage {
  const rows = new PackedRows({ kind, bytes });
  const parts: Buffer[] = [];
  while (rows.next()) {
    const [start = 0, end = 0] = [rows.starts[field], rows.ends[field]];
    const digest = rows.hasAllFields ? digestOf(bytes.toString('utf8', start, end)) : '';
    const made = Buffer.allocUnsafe(rows.end - rows.begin + digestBytes + 1);
    let at = bytes.copy(made, 0, rows.begin, rows.hasAllFields ? start : rows.starts[0]);
    at += made.write(digest, at, 'latin1');
    at += rows.hasAllFields ? bytes.copy(made, at, end, rows.end) : 0;
    made[at] = rowEnd;
    parts.push(made.subarray(0, at + 1));
  }
  const all = Buffer.concat(parts);
  return { kind, bytes: all.subarray(0, Math.max(0, all.length - 1)) };
}
