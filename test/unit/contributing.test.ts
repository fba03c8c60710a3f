import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const elsewhere = /^(node_modules|dist|coverage|\.git|\.envoy|\.tools|\.demo|\.artifacts)$/;

/** Every file and folder of the project; a folder's name ends with a slash. */
const tree = walk('');

function walk(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap(entry => {
    const path = folder + entry.name;
    if (entry.isDirectory()) {
      return elsewhere.test(path) || entry.name === 'generated' ? [] : [`${path}/`, ...walk(`${path}/`)];
    }
    return [path];
  });
}

/** Names in code type that stand for files or folders, line by line: those of a line say where its bare names lie. */
function namesIn(page: string): string[][] {
  const isPath = (text: string) => /^[\w.*/-]+(\/|\.(ts|c|sh|md|ya?ml))$/.test(text) && !text.startsWith('/');
  const lines = readFileSync(root + page, 'utf8').split('\n');
  return lines.map(line => [...line.matchAll(/`([^` ]+)`/g)].map(([, text = '']) => text).filter(isPath));
}

/** Whether it is a path of the tree, or a bare name that is found once, or in a folder that the same line names. */
function isFound(name: string, line: readonly string[]): boolean {
  const pattern = new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '[\\w-]+')}$`);
  if (tree.some(path => pattern.test(path))) {
    return true;
  }
  const isFolder = name.endsWith('/');
  const named = tree.filter(
    path => path.endsWith('/') === isFolder && pattern.test(basename(path) + (isFolder ? '/' : '')),
  );
  const folders = line
    .filter(other => other.includes('/'))
    .map(other => (other.endsWith('/') ? other : `${dirname(other)}/`));
  return named.length === 1 || named.some(path => folders.some(folder => path.startsWith(folder)));
}

describe('what is said of where things are', () => {
  for (const page of ['CONTRIBUTING.md', 'docs/readers-test.md', 'README.md']) {
    it(`${page} names no file or folder that is not there`, () => {
      const lines = namesIn(page);
      expect(lines.flat()).to.have.length.above(2);
      expect(lines.flatMap(line => line.filter(name => !isFound(name, line)))).to.deep.equal([]);
    });
  }

  it('CONTRIBUTING.md has a row for each folder of src', () => {
    const rows = readFileSync(`${root}CONTRIBUTING.md`, 'utf8').matchAll(/^\| `src\/([^`]+)` \|/gm);
    const told = [...rows].flatMap(([, names = '']) => names.split(' '));
    const folders = tree.filter(path => /^src\/[\w-]+\/$/.test(path)).map(path => path.slice('src/'.length));
    expect(folders.filter(folder => !told.includes(folder))).to.deep.equal([]);
  });
});
