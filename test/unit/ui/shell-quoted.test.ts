import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { shellQuoted } from '../../../src/ui/parts/shell-quoted.ts';

describe('web pages: sample calls', () => {
  it('S10 T32 hand a shell one word, whatever an address holds', () => {
    for (const text of ['http://gw/model', "http://gw/';id;'", 'http://gw/$(id)', '`id`', 'a b "c" \\']) {
      const word = execFileSync('sh', ['-c', `printf %s ${shellQuoted(text)}`], { encoding: 'utf8' });
      expect(word).to.equal(text);
    }
  });
});
