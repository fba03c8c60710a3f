import { expect } from 'chai';
import { parse } from 'yaml';
import { siteYaml } from '../../../src/cli/output/site-yaml.ts';

const words = ['no', 'No', 'NO', 'yes', 'on', 'Off', 'y', 'N', 'true', 'null', '~', '', '=', '<<'];
const numbers = ['1_000', '0b11', '0777', '0o17', '0x1F', '1e3', '+1', '.5', '.inf', '.NaN', '12:30', '190:20:30.15'];
const dates = ['2024-01-01', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43'];

describe('a site document in YAML', () => {
  for (const text of [...words, ...numbers, ...dates]) {
    it(`quotes the text ${text}, which a reader of YAML 1.1 takes for something else`, () => {
      const yaml = siteYaml({ users: [{ username: text }] });
      expect(yaml).to.equal(`users:\n  - username: ${JSON.stringify(text)}\n`);
      expect(parse(yaml, { version: '1.1' })).to.deep.equal({ users: [{ username: text }] });
    });
  }

  it('escapes what only YAML 1.1 takes for a line break', () => {
    const site = { comments: 'a\u0085b\u2028c\u2029d' };
    expect(siteYaml(site)).to.equal('comments: "a\\u0085b\\u2028c\\u2029d"\n');
    expect(parse(siteYaml(site))).to.deep.equal(site);
  });

  it('leaves other texts bare', () => {
    expect(siteYaml({ name: 'Jürgen', models: null, site_admin: true })).to.equal(
      'name: Jürgen\nmodels: null\nsite_admin: true\n',
    );
  });
});
