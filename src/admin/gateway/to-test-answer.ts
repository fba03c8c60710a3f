import type { Explanation } from '../schemas/decisions.ts';
import type { TestAnswer } from '../schemas/test-model.ts';
import type { GatewayAnswer, GatewayFault } from './call-gateway.ts';

/** Characters of an answer's body that are shown. */
const shownCharactersMax = 64 * 1024;
/** A replica's name as one may show it. */
const replicaIdForm = /^[\x20-\x7e]{1,200}$/;
const reasonForm = /^[a-z_]{1,64}$/;
const hidden = '[key]';
/** Envoy's answer where no cluster has the name, or nothing in it answers. */
const noUpstream = 503;

type Came = Omit<TestAnswer, 'duration_ms' | 'explanation'>;

/** What is told where no gateway is configured: the decision alone (B36). */
export function ofDecision({ status_code, reason, message }: Explanation): Came {
  return { via: 'decision', status_code, replica_id: null, reason, message, body: null, body_truncated: false };
}

/** What is told of a call that got no answer. */
export function ofFault({ fault, isLate }: GatewayFault): Came {
  const [reason, message] = isLate
    ? ['gateway_timeout', 'The gateway did not answer in time: the model may be slow or not there']
    : [
        'gateway_unreachable',
        `The gateway can't be reached (${fault}): a site admin can look at the setting gateway_url`,
      ];
  return { via: 'gateway', status_code: null, replica_id: null, reason, message, body: null, body_truncated: false };
}

/** What is told of an answer: its status, replica and body as they came, without the keys that the call held. */
export function ofAnswer(answer: GatewayAnswer, explanation: Explanation, keys: readonly string[]): Came {
  const { status, headers, isTruncated } = answer;
  const body = parsed(answer.body);
  const reason = textOf(headers['x-modelgate-reason'], reasonForm);
  const shown = withoutKeys(answer, keys);
  const cut = cutText(shown);
  return {
    via: 'gateway',
    status_code: status,
    replica_id: textOf(body?.['ReplicaID'], replicaIdForm) ?? textOf(headers['x-replica-id'], replicaIdForm) ?? null,
    reason: reason ?? explanation.reason,
    message: withoutAll(reason === undefined ? letThrough(status, explanation) : refusalOf(body, explanation), keys),
    body: cut,
    body_truncated: isTruncated || cut.length < shown.length,
  };
}

/** The words of the refusal, as they stand in it. */
function refusalOf(body: Readonly<Record<string, unknown>> | undefined, { message }: Explanation): string {
  const [pair] = Object.entries((body?.['errors'] as object | undefined) ?? {});
  return pair ? `${pair[0]}: ${pair[1]}`.slice(0, 500) : message;
}

function letThrough(status: number, { decision, message }: Explanation): string {
  if (decision === 'deny') {
    return `The gateway did not refuse what is to be refused (${message}): is every call checked? \`modelgate envoy check\` tells`;
  }
  const answered = `The call was let through, and answered with ${status}`;
  if (status === noUpstream) {
    return `${answered}: does the model run, and is its target the name of a cluster of the gateway?`;
  }
  return status < 400 ? 'The model answered' : answered;
}

/** Only an object has members that tell something. */
function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown, form: RegExp): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined;
}

/** Whoever may test may not read the access key; a body that broke off may end within a key. */
function withoutKeys({ body, isTruncated }: GatewayAnswer, keys: readonly string[]): string {
  const whole = withoutAll(body, keys);
  const longest = Math.max(...keys.map(key => key.length));
  return isTruncated ? whole.slice(0, Math.max(0, whole.length - longest)) : whole;
}

function withoutAll(text: string, keys: readonly string[]): string {
  return keys.reduce((left, key) => left.replaceAll(key, hidden), text);
}

/** Between characters, not within one. */
function cutText(text: string): string {
  return text.slice(0, shownCharactersMax).replace(/[\ud800-\udbff]$/, '');
}
