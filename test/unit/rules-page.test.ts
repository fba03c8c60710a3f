import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { rules } from '../../src/decision/decision-rules.ts';

const project = new URL('../../../', import.meta.url);
const id = /\b[BCT]\d{1,2}a?\b/g;
/** Looks like an id, and is the middle of an instant such as 2026-01-31T12:00:00Z. */
const instant = /\d{4}-\d{2}-\d{2}T\d{2}|T00:00/g;

/** Texts of the source files of a folder, without what was generated. */
function sources(folder: string): string[] {
  const root = fileURLToPath(new URL(folder, project));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const ours = files.filter(file => file.endsWith('.ts') && !file.includes('generated'));
  return ours.map(file => readFileSync(`${root}/${file}`, 'utf8'));
}

const idsIn = (text: string) => text.replace(instant, '').match(id) ?? [];
const page = readFileSync(new URL('docs/rules.md', project), 'utf8');
const rows = [...page.matchAll(/^\| ([BCT]\d+a?) \| (.+) \|$/gm)].map(([, name = '', text = '']) => ({ name, text }));
const names = rows.map(({ name }) => name);

describe('docs/rules.md', () => {
  it('has a row for each rule that the code or the title of a test cites', () => {
    const cited = sources('src').flatMap(idsIn);
    const titles = sources('test').flatMap(text => text.match(/\b(?:describe|it)\(\s*(['"`]).*?\1/g) ?? []);
    const proved = titles.flatMap(idsIn);
    expect([cited.length, proved.length].every(count => count > 50)).to.equal(true);
    expect([...new Set([...cited, ...proved])].filter(each => !names.includes(each))).to.deep.equal([]);
  });

  it('has one row for each, with a text', () => {
    expect(new Set(names).size).to.equal(names.length);
    expect(rows.filter(({ text }) => text.length < 15)).to.deep.equal([]);
  });

  it('tells the rules of a decision in the order in which they are asked', () => {
    const asked = Object.keys(rules).filter(name => name !== 'B6');
    expect(names.filter(name => asked.includes(name))).to.deep.equal(asked);
  });
});
