import type { ConfigNode } from './documents/config-node.ts';

/** Content types of gRPC; with another way of the pattern, or an end of it left open in front, it would take others too. */
const grpcPattern = /^\^?application\/grpc[^|]*$/;
const grpcText = /^application\/grpc/;

/** Whether a route's match in Envoy's config takes calls by gRPC alone. */
export function takesGrpcOnly(match: ConfigNode): boolean {
  return match.get('grpc').exists || match.get('headers').items.some(isGrpcHeader);
}

function isGrpcHeader(header: ConfigNode): boolean {
  const match = header.get('string_match');
  const texts = [match.get('exact'), match.get('prefix'), header.get('exact_match'), header.get('prefix_match')];
  const patterns = [match.get('safe_regex', 'regex'), header.get('safe_regex_match', 'regex')];
  return isContentType(header.get('name').text) && !header.get('invert_match').isTrue && isGrpc(texts, patterns);
}

/** The same of a route of a VirtualService. */
export function routeTakesGrpcOnly(route: ConfigNode): boolean {
  return everyOf(route.get('match').items, match =>
    match
      .get('headers')
      .members.some(
        header =>
          isContentType(header.key) && isGrpc([header.get('exact'), header.get('prefix')], [header.get('regex')]),
      ),
  );
}

/** The same of a rule of an HTTPRoute. */
export function ruleTakesGrpcOnly(rule: ConfigNode): boolean {
  return everyOf(rule.get('matches').items, match =>
    match.get('headers').items.some(header => {
      const value = [header.get('value')];
      const exact = (header.get('type').text ?? 'Exact') === 'Exact';
      return isContentType(header.get('name').text) && (exact ? isGrpc(value, []) : isGrpc([], value));
    }),
  );
}

function everyOf(matches: readonly ConfigNode[], test: (match: ConfigNode) => boolean): boolean {
  return matches.length > 0 && matches.every(test);
}

function isContentType(name: string | undefined): boolean {
  return name?.toLowerCase() === 'content-type';
}

function isGrpc(texts: readonly ConfigNode[], patterns: readonly ConfigNode[]): boolean {
  return (
    texts.some(({ text }) => grpcText.test(text ?? '')) || patterns.some(({ text }) => grpcPattern.test(text ?? ''))
  );
}
