import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Change, Kind, Put } from '../../src/changes/change-set.ts';
import { fieldEnd, packRow, rowEnd, unpackRow } from '../../src/changes/packed-row.ts';
import { PackedRows } from '../../src/changes/packed-rows.ts';
import { fieldNames, parseChange } from '../../src/changes/parse-change.ts';
import { RowHasher, rowCheckOf, rowHash } from '../../src/changes/row-hash.ts';
import { FlatIndex } from '../../src/snapshot/flat-index.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { randomChange } from './random-changes.ts';

const isPut = (change: Change): change is Put => change.op === 'put';
const puts = fc.array(randomChange, { maxLength: 80, size: 'max' }).map(changes => changes.filter(isPut));
const chunkRows = fc.constantFrom(1, 16, 16_384);

/** Fields as a hand or a disk might leave them: of the forms that are met, just beside these, or of none. */
const oddField = fc.oneof(
  fc.constantFrom(
    '',
    '\x01',
    '\x01\x01',
    '\x02"a\\u0001"',
    '\x02',
    '0',
    '1',
    '01',
    '-1',
    '1.5',
    'é',
    'n1',
    'name-1',
    'NAME',
  ),
  fc.constantFrom('user', 'application', 'read', 'reader', 'admin', 'private', 'public', 'inherit', 'override'),
  fc.constantFrom(
    '["API"]',
    '["API"',
    '[]',
    '[""]',
    '{}',
    'null',
    '9007199254740991',
    '9007199254740993',
    '70368744177664',
  ),
  fc.constantFrom('a'.repeat(64), 'A'.repeat(64), 'a'.repeat(63), 'x'.repeat(18), 'x'.repeat(19)),
  fc.string({ maxLength: 8 }),
);
const kinds = Object.keys(fieldNames) as Kind[];
const oddRow = fc.constantFrom(...kinds).chain(kind =>
  fc.record({
    kind: fc.constant(kind),
    fields: fc.array(oddField, { minLength: fieldNames[kind].length - 1, maxLength: fieldNames[kind].length + 1 }),
  }),
);

function rowsOf(kind: Kind, rows: readonly string[]): PackedRows {
  return new PackedRows({ kind, bytes: Buffer.from(rows.join(String.fromCharCode(rowEnd))) });
}

function checked(kind: Kind, packed: string, check = checkOf(kind, packed)): string {
  return `${check}${String.fromCharCode(fieldEnd)}${packed}`;
}

function checkOf(kind: Kind, packed: string): number {
  const bytes = Buffer.from(packed);
  const hasher = new RowHasher(kind, bytes);
  hasher.read(0, bytes.length);
  return rowCheckOf(hasher);
}

function empty(rows?: number): FlatIndex {
  return new FlatIndex({ epoch: 'epoch', revision: 0, chunkRows: rows });
}

function expectSame(one: FlatIndex, other: FlatIndex): void {
  expect(one.stateHash()).to.equal(other.stateHash());
  if (!isDeepStrictEqual(one.everything(), other.everything()))
    expect(one.everything()).to.deep.equal(other.everything());
}

describe('T40 rows as bytes', () => {
  it('are the rows that they were packed from, with the same hash', () => {
    const property = fc.property(randomChange, change => {
      if (change.op !== 'put') return;
      const packed = packRow(change);
      expect(unpackRow(change.kind, packed)).to.deep.equal(change);
      const rows = rowsOf(change.kind, [checked(change.kind, packed)]);
      expect(rows.next() && rows.isWhole).to.equal(true);
      expect([rows.hash.low, rows.hash.high]).to.deep.equal([rowHash(change).low, rowHash(change).high]);
      expect(rows.toPut()).to.deep.equal(change);
      expect(rows.next()).to.equal(false);
    });
    checkProperty(property, 2000);
  }).timeout(propertyTimeoutMs);

  it('B33 fill an index as parsed changes do, whatever was expected, and whatever follows', () => {
    const property = fc.property(puts, puts, chunkRows, fc.nat({ max: 300 }), (all, more, rows, count) => {
      const [filled, plain] = [empty(rows), empty(rows)];
      filled.expect(Object.fromEntries(kinds.map(kind => [kind, count])));
      for (const kind of kinds) {
        const own = all.filter(put => put.kind === kind);
        const page = rowsOf(
          kind,
          own.map(put => checked(kind, packRow(put))),
        );
        while (!page.isAtEnd) expect(filled.fill(page, 7)).to.equal(0);
        for (const put of own) plain.put(parseChange(put) as Put);
      }
      expectSame(filled, plain);
      filled.apply(1, more);
      plain.apply(1, more);
      expectSame(filled, plain);
    });
    checkProperty(property, 300);
  }).timeout(propertyTimeoutMs);

  it('are left out one by one where they are not whole, by the rules of parsed changes', () => {
    const property = fc.property(fc.array(oddRow, { maxLength: 30 }), odd => {
      const [filled, plain] = [empty(), empty()];
      let rejected = 0;
      for (const { kind, fields } of odd) {
        const packed = fields.join(String.fromCharCode(fieldEnd));
        rejected += filled.fill(rowsOf(kind, [checked(kind, packed)]), 1);
        const put = unpackRow(kind, packed);
        if (put) plain.put(put);
        else rejected -= 1;
      }
      expect(rejected).to.equal(0);
      expectSame(filled, plain);
    });
    checkProperty(property, 2000);
  }).timeout(propertyTimeoutMs);

  it('are left out where any bit of them was changed, and nothing else is', () => {
    const change = fc.tuple(fc.nat(), fc.nat({ max: 7 }));
    const property = fc.property(
      puts.filter(all => all.length > 0),
      change,
      (all, [at, bit]) => {
        const { kind } = all[at % all.length] as Put;
        const own = all.filter(put => put.kind === kind);
        const harmed = at % own.length;
        const packed = own.map(put => Buffer.from(checked(kind, packRow(put))));
        const row = packed[harmed] as Buffer;
        const place = at % row.length;
        row[place] = (row[place] as number) ^ (1 << bit);
        // A bit that makes one row two is told of twice.
        if (row[place] === rowEnd) return;
        const bytes = Buffer.concat(packed.flatMap(each => [each, Buffer.of(rowEnd)])).subarray(0, -1);
        const [filled, plain] = [empty(), empty()];
        expect(filled.fill(new PackedRows({ kind, bytes }), own.length)).to.equal(1);
        for (const put of own.toSpliced(harmed, 1)) plain.put(put);
        expectSame(filled, plain);
      },
    );
    checkProperty(property, 500);
  }).timeout(propertyTimeoutMs);
});
