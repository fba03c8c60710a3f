import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { shellWord } from '../../../src/cli/output/shell-word.ts';

describe('commands that the command line suggests', () => {
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

  it('leave names without such characters unquoted', () => {
    expect(shellWord('system:sa:x')).to.equal('system:sa:x');
  });
});
