import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../../../src', import.meta.url));

/** Files that import each other, by types at least; the list may only get shorter. */
const known = [
  // What routes work with names the types of those parts, which work with it.
  ...['context.ts', 'sign-in/authenticate.ts', 'sign-in/sessions.ts', 'sign-in/sign-in.ts'].map(
    file => `admin/${file}`,
  ),
  ...['gateways.ts', 'unread-members.ts'].map(file => `envoy-config/envoy/${file}`),
  // Pages link to each other through the list of pages.
  'ui/pages.ts',
  ...['applications', 'models', 'projects', 'teams', 'users'].map(of => `ui/pages/${of}/${of.slice(0, -1)}-page.tsx`),
];

const files = (readdirSync(root, { recursive: true }) as string[]).filter(
  file => /\.tsx?$/.test(file) && !file.includes('generated'),
);
const importsOf = new Map(
  files.map(file => {
    const source = readFileSync(join(root, file), 'utf8');
    const imports = [...source.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => path);
    return [file, imports.map(path => normalize(join(dirname(file), path)))];
  }),
);

/** Whether a file is reached from its own imports. */
function isInCircle(file: string): boolean {
  const reached = new Set<string>();
  const open = [...(importsOf.get(file) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!reached.has(next)) {
      reached.add(next);
      open.push(...(importsOf.get(next) ?? []));
    }
  }
  return reached.has(file);
}

describe('source files', () => {
  it('import each other in no circle that is not known', () => {
    expect(importsOf).to.have.property('size').above(100);
    expect(files.filter(file => isInCircle(file) && !known.includes(file))).to.deep.equal([]);
  });
});
