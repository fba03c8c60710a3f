import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';

const page = new URL('../../../docs/meshes.md', import.meta.url);

/** Holds a part of docs/meshes.md, between its marks, against what was seen; with MODELGATE_WRITE_DOCS writes it there. */
export function holdPart(name: string, seen: string): void {
  const text = readFileSync(page, 'utf8');
  const opening = `<!-- ${name}: made by npm run test:mesh -- --write -->\n`;
  const start = text.indexOf(opening) + opening.length;
  const end = text.indexOf(`<!-- /${name} -->`);
  if (start < opening.length || end < start) throw new Error(`docs/meshes.md has no part ${name}`);
  if (process.env['MODELGATE_WRITE_DOCS']) writeFileSync(page, text.slice(0, start) + seen + text.slice(end));
  else expect(text.slice(start, end), 'npm run test:mesh -- --write').to.equal(seen);
}

/** A table in Markdown; the first row heads it. */
export function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |\n`).join('');
}
