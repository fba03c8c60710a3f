import { expect } from 'chai';
import { Refusal } from '../../../src/cli/cli-error.ts';
import { parseSiteFile } from '../../../src/cli/site-file.ts';

function refusalOf(text: string): readonly string[] {
  try {
    parseSiteFile(text, 'site.yaml');
  } catch (fault) {
    expect(fault).to.be.instanceOf(Refusal);
    return [(fault as Refusal).message, ...(fault as Refusal).details];
  }
  throw new Error('was taken');
}

describe('site files', () => {
  it('are YAML or JSON', () => {
    const document = { users: [{ username: 'ada', name: '1' }] };
    for (const text of [
      'users:\n  - username: ada\n    name: "1"\n',
      JSON.stringify(document),
      '{users: [{username: ada, name: "1"}]}',
    ]) {
      expect(parseSiteFile(text, 'f').document).to.deep.equal(document);
    }
  });

  it('keep dates as they are written', () => {
    expect(parseSiteFile('a: 2030-01-31', 'f').document).to.deep.equal({ a: '2030-01-31' });
  });

  it('are refused with the line of each fault of syntax', () => {
    const [message, ...details] = refusalOf('users:\n  - username: ada\n   name: x\nteams: [\n');
    expect(message).to.equal('site.yaml is no valid YAML');
    expect(details.map(line => line.split(': ')[0])).to.deep.equal(['site.yaml:3:1', 'site.yaml:5:1']);
  });

  it('O17 are refused where a second document begins, in words for people', () => {
    const [, ...details] = refusalOf('users: []\n---\nusers: []\n');
    expect(details).to.deep.equal([
      'site.yaml:2:1: another document begins here (---): a file holds one, so apply each from a file of its own',
    ]);
  });

  it('O17 are refused where merge keys stand, and told in words for people what else YAML makes of them', () => {
    for (const [text, told] of [
      [
        'a: &a {name: x}\nusers:\n  - <<: *a\n',
        '3:5: merge keys (<<) mean nothing here: write out what they stand for',
      ],
      ['name: Bob: Ito', '1:7: a second colon within one line: put the value in quotes, or begin a new line'],
      ['name: @bob', "1:7: a value that begins with a character of YAML's own: put it in quotes"],
      ['name: *bob', '1:7: an alias (*…) of nothing that was named before (&…)'],
    ] as const) {
      expect(refusalOf(text).slice(1), text).to.include(`site.yaml:${told}`);
    }
  });

  it('are refused where a name is given twice, or a tag means nothing', () => {
    expect(refusalOf('users: []\nusers: []')[1]).to.equal(
      'site.yaml:2:1: this name is given twice in one mapping: keep one of the two',
    );
    expect(refusalOf('users: !x []')[1]).to.equal('site.yaml:1:8: a tag (!…) of no known meaning: leave it out');
  });

  it('are refused where a name is given twice in JSON, in another spelling too', () => {
    for (const again of ['users', '\\u0075sers']) {
      expect(refusalOf(`{"users":[{}],\n"${again}":[]}`)).to.deep.equal([
        'site.yaml gives one name twice in one object, at line 2, column 1: keep one of the two',
      ]);
    }
  });

  it('are refused where they are no mapping', () => {
    for (const text of ['', '# nothing', '- a', 'text', 'null']) {
      expect(refusalOf(text)[0], text).to.include('must be a mapping');
    }
  });

  it('are refused where aliases multiply without end', () => {
    const levels = ['b', 'c', 'd', 'e', 'f'].map((name, at) => {
      const alias = `*${'abcdef'[at]}`;
      return `${name}: &${name} [${Array(10).fill(alias).join(', ')}]`;
    });
    expect(refusalOf(['a: &a [1]', ...levels].join('\n'))[0]).to.include(
      "can't be read: its aliases (*…) multiply without end",
    );
  });

  it('have no value of theirs repeated in a fault: it may be an access key', () => {
    for (const text of ['a: "b" maaaaaaaaaa', 'a: 1\n}maaaaaaaaaa: 3', 'a: @maaaaaaaaaa', 'a: |maaaaaaaaaa\n x']) {
      expect(refusalOf(text).join('\n'), text).to.not.include('maaaa');
    }
  });
});
