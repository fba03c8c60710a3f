import { readFileSync, writeFileSync } from 'node:fs';
import { settingsTable } from '../../src/config/to-markdown-table.ts';
import { permissionsTable } from './permissions-page.ts';

const file = new URL('../../../README.md', import.meta.url);

export function readReadme(): string {
  return readFileSync(file, 'utf8');
}

/** README with the tables of settings and permissions as the code has them. */
export async function withTables(readme: string): Promise<string> {
  const withSettings = withPart(readme, 'settings', `${settingsTable()}\n`);
  return withPart(withSettings, 'permissions', await permissionsTable());
}

/** What stands between the marks of a part is replaced. */
function withPart(text: string, name: string, part: string): string {
  const opening = `<!-- ${name}: made by npm run docs -->\n`;
  const start = text.indexOf(opening) + opening.length;
  return `${text.slice(0, start)}${part}${text.slice(text.indexOf(`<!-- /${name} -->`))}`;
}

if (process.argv[1]?.endsWith('readme.js') && process.argv[2] === '--write') {
  writeFileSync(file, await withTables(readReadme()));
}
