import { readFileSync, writeFileSync } from 'node:fs';
import { type ApiDocument, type ApiOperation, makeApiDocument, operationsOf } from './api-document.ts';

const file = new URL('../../../docs/api.md', import.meta.url);

export function readApiPage(): string {
  return readFileSync(file, 'utf8');
}

/** The page of the admin API for people, as the routes' own schemas tell it. */
export function apiPage(document: ApiDocument): string {
  const intro = document.info.description;
  const groups = document.tags.map(({ name, description }) => {
    const rows = operationsOf(document).filter(({ tags }) => tags.includes(name));
    return [`## ${name[0]?.toUpperCase()}${name.slice(1)}`, description, table(rows)].join('\n\n');
  });
  return `${['# The admin API', made, intro, ...groups].join('\n\n')}\n`;
}

const made =
  '<!-- made by npm run docs -->\n' +
  'Paths begin with `/api/v2`. The same with every field, for tools: `GET /api/v2/openapi.json` of a running server.';

function table(operations: readonly (ApiOperation & { readonly method: string; readonly path: string })[]): string {
  const rows = operations.map(({ method, path, summary, description = '', 'x-who-may': who }) => {
    // The document's description ends with who may, which has a column of its own here.
    const more = description.split('\n\n').slice(0, -1);
    return `| ${method} | \`${path}\` | ${who} | ${[summary, ...more].join(' ')} |`;
  });
  return ['| method | path | who may | what |', '|---|---|---|---|', ...rows].join('\n');
}

if (process.argv[1]?.endsWith('api-page.js') && process.argv[2] === '--write') {
  writeFileSync(file, apiPage(await makeApiDocument()));
}
