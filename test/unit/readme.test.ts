import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readReadme, withTables } from '../support/readme.ts';

describe('README', () => {
  it('has the tables of settings and permissions that the code and its tests make (else: npm run docs)', async () => {
    expect(readReadme()).to.equal(await withTables(readReadme()));
  });

  it('has a line for each dependency', () => {
    const file = new URL('../../../package.json', import.meta.url);
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8'));
    const table = readReadme().split('## Dependencies')[1] ?? '';
    const named = Object.keys({ ...dependencies, ...devDependencies }).filter(name => !name.startsWith('@types/'));
    expect(named.filter(name => !table.includes(`\`${name}\``))).to.deep.equal([]);
  });
});
