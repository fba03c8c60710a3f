import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { shellWord } from '../../../src/words/shell-word.ts';

describe('commands that the command line, a failed start and the web pages suggest', () => {
  it('hand a shell a name as it is, whatever characters it holds', () => {
    for (const name of [
      'bob',
      'CORP\\jane',
      "o'neil",
      '#1',
      'a+b@example.com',
      'system:serviceaccount:ml:scorer',
      '',
    ]) {
      const said = execFileSync('sh', ['-c', `printf %s ${shellWord(name)}`], { encoding: 'utf8' });
      expect(said).to.equal(name);
    }
  });

  it('S10 T32 hand it one word, whatever an address or a path holds', () => {
    for (const text of ["http://gw/';id;'", 'http://gw/$(id)', '`id`', 'a b "c" \\', '~/models', '-x', 'a\nb', 'é']) {
      const word = execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' });
      expect(word).to.equal(text);
    }
  });

  it('leave names without such characters unquoted', () => {
    expect(shellWord('system:sa:x')).to.equal('system:sa:x');
  });
});
