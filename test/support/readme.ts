import { readFileSync, writeFileSync } from 'node:fs';
import { settingsTable } from '../../src/config/to-markdown-table.ts';

const file = new URL('../../../README.md', import.meta.url);
const opening = '<!-- settings: made by npm run docs -->\n';
const closing = '<!-- /settings -->';

export function readReadme(): string {
  return readFileSync(file, 'utf8');
}

/** README with the table of settings as the code has it. */
export function withSettingsTable(readme: string): string {
  const start = readme.indexOf(opening) + opening.length;
  return `${readme.slice(0, start)}${settingsTable()}\n${readme.slice(readme.indexOf(closing))}`;
}

if (process.argv[2] === '--write') {
  writeFileSync(file, withSettingsTable(readReadme()));
}
