import { loadAuthorizationPackage } from '../../src/check/wire/authorization-service.ts';
import type { CheckResponse__Output } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckResponse.ts';
import type { Verdict } from '../property/plain-model.ts';
import { answerHeaders, answerTrailers } from '../support/http2/expect-answer.ts';
import type { StreamView } from '../support/http2/peer-view.ts';

const { responseDeserialize } = loadAuthorizationPackage().Authorization.service.Check;
const prefixBytes = 5;
const rightBlocks = JSON.stringify([answerHeaders, answerTrailers]);
/** Each is set for the model or taken away, so that no client can forge one (B24). */
const identityHeaders = {
  'x-modelgate-model': 'model',
  'x-modelgate-project': 'project',
  'x-modelgate-principal': 'principal',
  'x-modelgate-key-id': 'key_id',
  'x-modelgate-permission': 'permission',
} as const;

export interface Answer {
  readonly verdict: Verdict;
  readonly revision: number;
  /** What a denial says of the request that it answers. */
  readonly requestId: string | undefined;
}

/** What a stream that has ended was answered. Throws where it is no whole answer, or one that says two things. */
export function readAnswer({ blocks, data }: StreamView): Answer {
  if (JSON.stringify(blocks) !== rightBlocks) throw new Error(`header blocks ${JSON.stringify(blocks)}`);
  if (data.length < prefixBytes || data.readUInt32BE(1) !== data.length - prefixBytes) {
    throw new Error(`a message of ${data.length} bytes that says it has others`);
  }
  const response: CheckResponse__Output = responseDeserialize(data.subarray(prefixBytes));
  const fields = response.dynamicMetadata?.fields?.['modelgate']?.structValue?.fields ?? {};
  const text = (name: string) => fields[name]?.stringValue;
  const [outcome, reason = ''] = [text('decision'), text('reason')];
  const isAllowed = response.status?.code === 0;
  if (outcome !== (isAllowed ? 'allow' : 'deny')) throw new Error(`status ${response.status?.code} of ${outcome}`);
  const headers = isAllowed ? headersOfAllowed(response, text) : headersOfDenied(response, reason);
  const verdict: Record<string, unknown> = { outcome, reason };
  const names = {
    model: 'model',
    keyId: 'key_id',
    principal: 'principal',
    permission: 'permission',
    shadowReason: 'shadow_reason',
  };
  for (const [name, field] of Object.entries(names)) {
    if (text(field) !== undefined) verdict[name] = text(field);
  }
  const requestId = headers.get('x-modelgate-request-id');
  return { verdict: verdict as unknown as Verdict, revision: fields['revision']?.numberValue ?? -1, requestId };
}

function headersOfAllowed(
  { okResponse, deniedResponse }: CheckResponse__Output,
  text: (name: string) => string | undefined,
): Map<string | undefined, string | undefined> {
  if (!okResponse || deniedResponse) throw new Error('an allowed call without its response');
  const headers = new Map(okResponse.headers.map(({ header }) => [header?.key, header?.value]));
  for (const [header, field] of Object.entries(identityHeaders)) {
    const value = headers.get(header);
    const isRight = value === text(field) && (value === undefined) === okResponse.headersToRemove.includes(header);
    if (!isRight) throw new Error(`${header} is ${value} where the log has ${text(field)}`);
  }
  if (!okResponse.headersToRemove.includes('x-model-access-key'))
    throw new Error('the access key goes on to the model');
  return headers;
}

function headersOfDenied(
  { okResponse, deniedResponse }: CheckResponse__Output,
  reason: string,
): Map<string | undefined, string | undefined> {
  if (!deniedResponse || okResponse) throw new Error('a denied call without its response');
  const headers = new Map(deniedResponse.headers.map(({ header }) => [header?.key, header?.value]));
  const body = JSON.parse(deniedResponse.body);
  if (headers.get('x-modelgate-reason') !== reason || body.reason !== reason)
    throw new Error('a denial of two reasons');
  if (!(Number(deniedResponse.status?.code) >= 400)) throw new Error(`a denial with ${deniedResponse.status?.code}`);
  return headers;
}
