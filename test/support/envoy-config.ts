import { readdirSync, readFileSync } from 'node:fs';
import { parse, parseDocument } from 'yaml';
import { checkConfig } from '../../src/envoy-config/check-config.ts';
import { UnreadableConfig } from '../../src/envoy-config/documents/read-documents.ts';
import type { Finding, Report } from '../../src/envoy-config/finding.ts';

const root = new URL('../../../', import.meta.url);

/** Bodies as `modelgate serve` limits them unless told otherwise. */
export const shippedLimits = { bodyBytesMax: 5 * 1024 * 1024 };

/** A file of the project, by its path from the root. */
export function readProjectFile(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** Names, from the root, of the YAML files in a folder. */
export function yamlFilesIn(folder: string): readonly string[] {
  const names = readdirSync(new URL(folder, root)).filter(name => name.endsWith('.yaml'));
  return names.sort().map(name => `${folder}/${name}`);
}

export function check(text: string, bodyBytesMax = shippedLimits.bodyBytesMax): Report {
  return checkConfig(text, { bodyBytesMax });
}

export function findingsOf(text: string, bodyBytesMax?: number): readonly Finding[] {
  return check(text, bodyBytesMax).findings;
}

/** A text with one thing in it put in place of another, which must be there once. */
export function bent(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`${JSON.stringify(from)} is not in it exactly once`);
  return text.replace(from, () => to);
}

/** Why a text can't be checked: the message, then its details. */
export function refusalOf(text: string): readonly string[] {
  try {
    check(text);
  } catch (fault) {
    if (fault instanceof UnreadableConfig) return [fault.message, ...fault.details];
    throw fault;
  }
  throw new Error('it was checked');
}

/** Whether what is to be written is one member, and no list entry or comment. */
export function canBeMended({ write }: Finding): boolean {
  return /^[a-z_]+: /.test(write);
}

/** A name in paths that holds dots itself. */
const dotted = 'envoy.filters.http.ext_authz';

/** The config with the finding's line written where it says. */
export function mended(text: string, { path, write }: Finding): string {
  const document = parseDocument(text);
  const [key = '', value] = Object.entries(parse(write) as object)[0] ?? [];
  const parts = path
    .replace(dotted, '@')
    .split(/\.|\[(\d+)\]/)
    .filter(Boolean)
    .map(part => (part === '@' ? dotted : part));
  document.setIn(
    [...parts.slice(0, -1).map(part => (/^\d+$/.test(part) ? Number(part) : part)), key],
    document.createNode(value),
  );
  return document.toString();
}
