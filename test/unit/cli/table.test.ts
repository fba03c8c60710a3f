import { expect } from 'chai';
import { type Column, renderTable } from '../../../src/cli/output/table.ts';
import { widthOf } from '../../../src/cli/output/text-width.ts';

interface Row {
  readonly id: string;
  readonly name: string;
}

const columns: Column<Row>[] = [
  { title: 'ID', of: ({ id }) => id, whole: true },
  { title: 'NAME', of: ({ name }) => name },
];

function lines(rows: readonly Row[], width?: number): string[] {
  return renderTable(columns, rows, width).text.split('\n').slice(0, -1);
}

describe('tables', () => {
  it('are as wide as their cells need, without blanks at the end of a line', () => {
    expect(
      lines([
        { id: 'a', name: '' },
        { id: 'longer', name: 'x' },
      ]),
    ).to.deep.equal(['ID      NAME', 'a', 'longer  x']);
  });

  it('are cut with … at the width of the terminal, and nowhere without one', () => {
    const rows = [{ id: 'key-1', name: 'a very long name indeed' }];
    expect(lines(rows, 20)).to.deep.equal(['ID     NAME', 'key-1  a very long …']);
    expect(lines(rows)).to.deep.equal(['ID     NAME', 'key-1  a very long name indeed']);
  });

  it('leave out columns for which a terminal has no room, those first that say nothing, and name them', () => {
    const wide: Column<Row>[] = [
      ...columns,
      { title: 'REPLACES', of: () => '-', whole: true },
      { title: 'EXPIRES', of: () => '2027-01-31', whole: true },
      { title: 'COMMENT', of: () => 'for a job of the night' },
    ];
    const rows = [{ id: 'key-1', name: 'nightly' }];
    const at = (width: number) => renderTable(wide, rows, width);
    expect(at(40)).to.deep.equal({
      text: 'ID     NAME     EXPIRES     COMMENT\nkey-1  nightly  2027-01-31  for a job o…\n',
      leftOut: ['REPLACES'],
    });
    expect(at(30).leftOut).to.deep.equal(['REPLACES', 'COMMENT']);
    expect(at(3)).to.deep.equal({
      text: 'ID\nkey-1\n',
      leftOut: ['NAME', 'REPLACES', 'EXPIRES', 'COMMENT'],
    });
    expect(renderTable(wide, rows).leftOut).to.deep.equal([]);
  });

  it('never cut an id, and no other column below 8 cells, however narrow the terminal', () => {
    const rows = [{ id: 'an-id-of-twenty-four-chr', name: 'a very long name' }];
    expect(lines(rows, 34)).to.deep.equal(['ID                        NAME', 'an-id-of-twenty-four-chr  a very …']);
    expect(lines(rows, 33)).to.deep.equal(['ID', 'an-id-of-twenty-four-chr']);
  });

  it('give East Asian characters two cells, also where they are cut', () => {
    const [, first = '', second = ''] = lines(
      [
        { id: '山田', name: '日本語の長い名前です' },
        { id: 'b', name: 'x' },
      ],
      15,
    );
    expect(first).to.equal('山田  日本語の…');
    expect(widthOf(first)).to.equal(15);
    expect(second).to.equal('b     x');
  });

  it('show control characters and turns of direction as �, so that a name can not steer the terminal', () => {
    const name = '\u001b[31mred\u009b2J\n\u202eevil';
    expect(lines([{ id: 'a', name }])[1]).to.equal('a   �[31mred�2J��evil');
  });
});
