import type { ConfigNode } from './documents/config-node.ts';
import { type Finding, finding } from './finding.ts';

const leakingHeaders = new Set(
  ':PATH X-ENVOY-ORIGINAL-PATH AUTHORIZATION X-API-KEY API-KEY X-GOOG-API-KEY X-MODEL-ACCESS-KEY'.split(' '),
);

/** Whether a format writes the query or a header in which a key stands. */
export function leaks(format: string): boolean {
  const headers = [...format.matchAll(/%REQ\(([^)]*)\)/gi)].flatMap(([, names = '']) => names.toUpperCase().split('?'));
  const paths = [...format.matchAll(/%PATH(?:\(([^)]*)\))?(?::\d+)?%/gi)].map(([, form = '']) => form.toUpperCase());
  return (
    headers.some(name => leakingHeaders.has(name.trim())) ||
    paths.some(form => !form.startsWith('NQ')) ||
    /%QUERY_PARAMS?\b|%CEL\([^%]*request\.(path|query|headers)\b/i.test(format)
  );
}

/** Every text of a format that leaks, however deep it stands. */
export function checkFormat(format: ConfigNode): readonly Finding[] {
  return [...format.walk()]
    .filter(({ text }) => leaks(text ?? ''))
    .map(node => finding('access-log-leak', node, rewritten(node)));
}

function rewritten({ key, text = '' }: ConfigNode): string {
  const mended = text
    .replace(/%REQ\([^)]*(:PATH|X-ENVOY-ORIGINAL-PATH)\)(:\d+)?%|%PATH(\([^)]*\))?(:\d+)?%/gi, '%PATH(NQ:PATH)%')
    .trim();
  return leaks(mended)
    ? `# leave ${key === '' ? 'this' : key} out`
    : `${key === '' ? '' : `${key}: `}${JSON.stringify(mended)}`;
}
