import { expect } from 'chai';
import { toCsv } from '../../../src/ui/parts/csv.ts';

describe('web pages: CSV', () => {
  it('T31 quotes what a spreadsheet would take for a formula, in every spelling that begins one', () => {
    for (const begin of ['=', '+', '-', '@', '\t', '\r', '\n']) {
      const text = `${begin}HYPERLINK("//evil.example")`;
      expect(toCsv([[text]])).to.equal(`\ufeff"'${text.replaceAll('"', '""')}"\r\n`);
    }
  });

  it('R13 begins with the bytes by which Excel knows UTF-8', async () => {
    const bytes = new Uint8Array(await new Blob([toCsv([['Jürgen Müller 渡辺']])]).arrayBuffer());
    expect(Buffer.from(bytes).toString('hex')).to.match(/^efbbbf22/);
    expect(new TextDecoder().decode(bytes)).to.equal('"Jürgen Müller 渡辺"\r\n');
  });

  it('keeps separators, quotes and line ends within a cell, and numbers as they are', () => {
    expect(toCsv([['a,b', 'say "x"', 'two\nlines', -5, null]])).to.equal(
      '\ufeff"a,b","say ""x""","two\nlines","-5",""\r\n',
    );
  });
});
