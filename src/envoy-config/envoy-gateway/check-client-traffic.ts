import type { ConfigNode } from '../documents/config-node.ts';
import { bytesOf } from '../documents/units.ts';
import { routing } from '../envoy/check-forged-headers.ts';
import { lends } from '../envoy/check-lending.ts';
import { type Finding, finding, findingIf, type Limits, roomFor } from '../finding.ts';
import type { KubeObject } from '../kube-object.ts';

const mebibyte = 1024 * 1024;
/** Envoy Gateway's own defaults, both below any useful body limit: 32 KiB and 64 KiB. */
const defaultBytes = 0;

/** A ClientTrafficPolicy's settings, or, where a file has none, the defaults that count then, found at `spec`. */
export function checkClientTraffic(
  spec: ConfigNode,
  traffic: readonly KubeObject[],
  { bodyBytesMax }: Limits,
  waits: boolean,
): readonly Finding[] {
  const buffer = spec.get('connection', 'bufferLimit');
  const window = spec.get('http2', 'initialStreamWindowSize');
  const underscores = spec.get('headers', 'withUnderscoresAction');
  const longest = spec.get('connection', 'connectionLimit', 'maxStreamDuration');
  const byRoute = traffic.map(({ spec: route }) => route.get('timeout', 'http', 'maxStreamDuration'));
  const limited = [longest, ...byRoute].some(({ seconds }) => seconds !== undefined && seconds > 0);
  const room = `${Math.ceil(roomFor(bodyBytesMax) / mebibyte)}Mi`;
  const small = (node: ConfigNode) =>
    (node.exists ? (bytesOf(node.text ?? '') ?? Number.POSITIVE_INFINITY) : defaultBytes) <= bodyBytesMax;
  const removed = spec.get('headers', 'earlyRequestHeaders', 'remove');
  const taken = removed.items.map(({ text }) => text?.toLowerCase());
  return [
    ...lentBySettings(spec.get('headers', 'earlyRequestHeaders')),
    ...findingIf(
      waits && routing.some(name => !taken.includes(name)),
      'forged-header-kept',
      removed,
      `headers: { earlyRequestHeaders: { remove: [${routing.join(', ')}] } }`,
    ),
    ...findingIf(small(buffer), 'buffer-too-small', buffer, `connection: { bufferLimit: ${room} }`),
    ...findingIf(small(window), 'stream-window-too-small', window, `http2: { initialStreamWindowSize: ${room} }`),
    ...findingIf(
      underscores.text === 'Allow',
      'underscores-let-through',
      underscores,
      'withUnderscoresAction: DropHeader',
    ),
    ...findingIf(
      !limited,
      'no-max-stream-duration',
      longest,
      'connection: { connectionLimit: { maxStreamDuration: 900s } }',
    ),
  ];
}

/** Headers that are set before the check: a credential there is everybody's. */
function lentBySettings(early: ConfigNode): readonly Finding[] {
  return ['set', 'add', 'addIfAbsent']
    .flatMap(name => early.get(name).items)
    .filter(entry => lends(entry.get('name').text, entry.get('value').text))
    .map(entry => finding('credential-lent', entry, '# no credential here: callers bring their own'));
}
