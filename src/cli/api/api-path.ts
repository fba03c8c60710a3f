import { UsageError } from '../cli-error.ts';

/**
 * A path of the API with the names in it escaped. Throws a UsageError for a name that a URL would
 * swallow: without it, the path would mean another thing.
 */
export function apiPath(parts: TemplateStringsArray, ...names: readonly string[]): string {
  return String.raw({ raw: parts }, ...names.map(segment));
}

function segment(name: string): string {
  if (/^\.{0,2}$/.test(name)) {
    throw new UsageError(`${JSON.stringify(name)} is no name or id`);
  }
  return encodeURIComponent(name);
}
