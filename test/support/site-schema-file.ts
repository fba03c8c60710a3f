import { readFileSync, writeFileSync } from 'node:fs';
import { siteSchema } from '../../src/admin/site/document/site-schema.ts';

const file = new URL('../../../docs/site.schema.json', import.meta.url);

export function readSiteSchemaFile(): string {
  return readFileSync(file, 'utf8');
}

/** The file as the schemas that the routes go by make it. */
export function siteSchemaFile(): string {
  return `${JSON.stringify(siteSchema(), null, 2)}\n`;
}

if (process.argv[1]?.endsWith('site-schema-file.js') && process.argv[2] === '--write') {
  writeFileSync(file, siteSchemaFile());
}
