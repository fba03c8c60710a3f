import { expect } from 'chai';
import { toCsv } from '../../../src/ui/parts/csv.ts';

describe('web pages: CSV', () => {
  it('T31 quotes what a spreadsheet would take for a formula, in every spelling that begins one', () => {
    for (const begin of ['=', '+', '-', '@', '\t', '\r', '\n']) {
      const text = `${begin}HYPERLINK("//evil.example")`;
      expect(toCsv([[text]])).to.equal(`"'${text.replaceAll('"', '""')}"\r\n`);
    }
  });

  it('keeps separators, quotes and line ends within a cell, and numbers as they are', () => {
    expect(toCsv([['a,b', 'say "x"', 'two\nlines', -5, null]])).to.equal('"a,b","say ""x""","two\nlines","-5",""\r\n');
  });
});
