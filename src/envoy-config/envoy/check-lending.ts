import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding } from '../finding.ts';
import type { HttpFilter } from './http-filter.ts';

const credential = /^(authorization|x-api-key|x-model-access-key)$/i;
/** What the client sent, under another name, is still the client's own. */
const fromClient = /%(REQ|REQUEST_HEADER|PATH|QUERY_PARAM)\b/i;

/** A filter in front of the check that puts a credential of the config's own into every request, also by a route. */
export function checkLending(filter: HttpFilter, routes: ConfigNode | undefined): readonly Finding[] {
  if (filter.kind === 'credential_injector') {
    return [finding('credential-lent', filter.node, '# no credential_injector in front of the check')];
  }
  const perRoute = [...(routes?.walk() ?? [])].filter(({ key }) => key === filter.name);
  return filter.kind === 'header_mutation' ? [filter.config, ...perRoute].flatMap(lentBy) : [];
}

/** Headers with a credential for a value, wherever they are written in this part. */
export function lentBy(part: ConfigNode): readonly Finding[] {
  return [...part.walk()]
    .filter(({ key }) => key === 'header')
    .filter(header => lends(header.get('key').text, header.get('value').text ?? header.get('raw_value').text))
    .map(header => finding('credential-lent', header.get('key'), '# no credential here: callers bring their own'));
}

/** Whether a header of this name and value is a credential of the config's own. */
export function lends(name = '', value = ''): boolean {
  return credential.test(name) && !fromClient.test(value);
}
