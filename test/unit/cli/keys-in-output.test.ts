import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { makeSecret } from '../../../src/keys/secret.ts';
import { createLog } from '../../../src/log/log.ts';
import { cli } from '../../support/cli.ts';

const key = makeSecret('api_key');
/** What a key was seen behind: signs after which a prefix is at no edge of a word. */
const before = [
  '',
  'key=',
  'Bearer%20',
  'Authorization%3A%20Bearer%20',
  'x_',
  'key%3D',
  '\\n',
  '\\u0020',
  '"',
  "'",
  'é',
];

describe('keys in what is written', () => {
  it("B42 the documented pattern finds a key behind escapes, quotes and '_'", () => {
    const page = readFileSync('docs/operating.md', 'utf8');
    const [, pattern = ''] = /`([^`]*\[bkls\][^`]*)`/.exec(page) ?? [];
    const missed = before.filter(text => new RegExp(pattern).exec(`${text}${key}_`)?.[0] !== key);
    expect(missed).to.deep.equal([]);
  });

  const places: Record<string, (given: string) => [string[], Record<string, string>?]> = {
    'a key to revoke': given => [['keys', 'revoke', given]],
    'a command': given => [[given]],
    'a subcommand': given => [['users', given]],
    'an unknown option': given => [['status', `--${given}`]],
    'an unknown option with a value': given => [['status', `--a${given}=${given}`]],
    'a file to apply': given => [['apply', '-f', given]],
    'a file to look through': given => [['envoy', 'check', given]],
    'a form of output': given => [['users', 'list', '-o', given]],
    'a number': given => [['audit', 'list', '--limit', given]],
    'an address to listen on': given => [['serve', '--check-listen', given]],
    'a name of an admin': given => [['init', '--admin', given]],
    'the file of the key': given => [['status'], { MODELGATE_KEY_FILE: given }],
    'the server': given => [['status'], { MODELGATE_SERVER: given }],
    'a setting': given => [['serve'], { MODELGATE_CHECK_LISTEN: given }],
    'the name of a setting': given => [['serve'], { [`MODELGATE_${given}`]: 'x' }],
  };
  for (const [place, line] of Object.entries(places)) {
    it(`T24 no command repeats one that was given as ${place}`, async () => {
      for (const text of before) {
        const [argv, env = {}] = line(`${text}${key}`);
        const { code, stdout, stderr } = await cli(argv, { env, serve: async () => expect.fail() });
        expect(code, text).to.be.greaterThan(0);
        expect(`${stdout}${stderr}`, text).to.not.contain(key.slice(4, 30));
      }
    });
  }

  it('T24 the log repeats none, wherever in a line it stands', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: line => lines.push(line) });
    for (const text of before) {
      log.info({ data: `${text}${key}`, deep: { [`${text}${key}`]: [`${text}${key}`] } }, 'serving');
      log.warn({ err: new Error(`${text}${key}`) }, 'failed');
    }
    expect(lines).to.have.length(before.length * 2);
    expect(lines.filter(line => line.includes(key.slice(4, 30)))).to.deep.equal([]);
  });
});
