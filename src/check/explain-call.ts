import { randomBytes } from 'node:crypto';
import type { CredentialSource, Credentials } from '../credentials/credentials.ts';
import { extractCredentials } from '../credentials/extract-credentials.ts';
import { readLength } from '../credentials/read-length.ts';
import type { DenialReason } from '../decision/decision.ts';
import { type Explanation, explain } from '../decision/explain.ts';
import { digestOf } from '../keys/digest.ts';
import type { SnapshotCell } from '../snapshot/snapshot-cell.ts';
import { answerByCause, denialCause } from './answer/answer-by-cause.ts';
import type { DenialAnswer } from './answer/denial-answers.ts';

/** A call that somebody describes, in place of one that Envoy sends. */
export interface DescribedCall {
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  /** With its query. */
  readonly path: string;
  readonly body: string;
  readonly pin: string | undefined;
  /** Digest of the API key that is meant, where the key itself is not at hand; then no header needs to hold one. */
  readonly apiKeyDigest: string | undefined;
  /** Instant to decide at, in milliseconds since 1970, with the snapshot taken for fresh; undefined: now. */
  readonly at: number | undefined;
}

export interface ExplainedCall extends Explanation {
  /** What the caller would get from Envoy; undefined for an allowed call, which gets the model's own. */
  readonly denial: DenialAnswer | undefined;
  /** How the access key and the API key were read. */
  readonly read: { readonly accessKey: string; readonly apiKey: string };
}

export interface ExplainerOptions {
  readonly cell: SnapshotCell;
  readonly bodyBytesMax: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds on the clock that the snapshot's age is measured by. */
  readonly ticks: () => number;
}

/** Explains described calls by the code that answers checks; nothing is counted, noted or changed. */
export function createExplainer({
  cell,
  bodyBytesMax,
  now,
  ticks,
}: ExplainerOptions): (call: DescribedCall) => ExplainedCall {
  return call => {
    const standIn = call.apiKeyDigest === undefined ? undefined : randomBytes(32).toString('hex');
    const source = sourceOf(call, standIn);
    const credentials = extractCredentials(source, bodyBytesMax);
    const published = cell.read();
    const explanation = explain({
      credentials,
      published,
      now: call.at ?? now(),
      ticks: call.at === undefined ? ticks() : (published?.confirmedAt ?? 0),
      aliases: new Map(standIn === undefined ? [] : [[digestOf(standIn), String(call.apiKeyDigest)]]),
    });
    const { decision } = explanation;
    return {
      ...explanation,
      denial: decision.outcome === 'deny' ? denialOf(decision.reason, credentials, source) : undefined,
      read: { accessKey: credentials.accessKey.kind, apiKey: credentials.apiKey.kind },
    };
  };
}

function denialOf(reason: DenialReason, credentials: Credentials, source: CredentialSource): DenialAnswer {
  return answerByCause(reason, denialCause(reason, credentials, source));
}

function sourceOf({ headers, path, body, pin }: DescribedCall, standIn: string | undefined): CredentialSource {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (standIn !== undefined) {
    byName.set('authorization', `Bearer ${standIn}`);
  }
  return {
    header: name => byName.get(name),
    contentLength: readLength(byName.get('content-length')),
    path,
    query: '',
    body: Buffer.from(body),
    pin,
  };
}
