import type { DenialReason, Deny } from '../../decision/decision.ts';
import type { ByteWriter } from '../wire/byte-writer.ts';
import { delimitedSize, field, numberField, putBytes, putVarint } from '../wire/put-bytes.ts';
import type { TextWriter } from '../wire/text-writer.ts';
import { answerByCause, type DenialCause } from './answer-by-cause.ts';
import { escapeRequestId, grpcBody, jsonBodyEnd, jsonBodyHead } from './denial-body.ts';
import type { AnswerTexts, DynamicMetadata } from './dynamic-metadata.ts';
import { EncodedHeader, encodeHeader } from './encoded-header.ts';
import type { ModelPartsCache } from './model-parts.ts';

/** CheckResponse.status with Status.code in it; CheckResponse.denied_response with HttpStatus in `status` of it. */
const STATUS = 0x0a;
const DENIED_RESPONSE = 0x12;
const HTTP_STATUS = 0x0a;
const CODE = 0x08;
/** DeniedHttpResponse.body. */
const BODY = 0x1a;

/** To whom the denial goes. */
export interface DeniedCall {
  /** Of printable ASCII; empty: none that can be repeated. */
  readonly requestId: string;
  readonly isGrpc: boolean;
  /** What in the request leads to the denial (B54), where its form tells. */
  readonly cause?: DenialCause | undefined;
}

/** All of a denial that its reason decides, in the order in which it is written; made when it is first needed. */
interface Denial {
  readonly status: Buffer;
  /** The HTTP status, and the headers before that with the request id. */
  readonly start: Buffer;
  /** The headers after it. */
  readonly headers: Buffer;
  /** The body, for JSON up to the request id. */
  readonly body: Buffer;
  readonly isJson: boolean;
}

/** Refuses calls in the shape that the caller's client reads: JSON, or gRPC's status and message. */
export class DenialEncoder {
  readonly #metadata: DynamicMetadata;
  readonly #models: ModelPartsCache;
  readonly #requestId = new EncodedHeader('x-modelgate-request-id');
  readonly #asJson = new Map<DenialReason, Denial>();
  readonly #asGrpc = new Map<DenialReason, Denial>();

  constructor(metadata: DynamicMetadata, models: ModelPartsCache) {
    this.#metadata = metadata;
    this.#models = models;
  }

  /** Appends the answer. */
  write(deny: Deny, call: DeniedCall, fields: AnswerTexts, texts: TextWriter, out: ByteWriter): void {
    const { requestId, isGrpc, cause } = call;
    const denial = cause ? encodeDenial(deny.reason, isGrpc, cause) : this.#denialOf(deny.reason, isGrpc);
    const idInBody = denial.isJson ? escapeRequestId(requestId) : '';
    const bodySize = denial.body.length + (denial.isJson ? idInBody.length + jsonBodyEnd.length : 0);
    const idSize = requestId === '' ? 0 : this.#requestId.size(requestId.length);
    const deniedSize = denial.start.length + idSize + denial.headers.length + 1 + delimitedSize(bodySize);
    const model = deny.model && this.#models.of(deny.model);
    out.reserve(denial.status.length + 1 + delimitedSize(deniedSize) + this.#metadata.size(deny, model, fields));
    const { buffer } = out;
    let at = putBytes(buffer, out.at, denial.status);
    buffer[at] = DENIED_RESPONSE;
    at = putVarint(buffer, at + 1, deniedSize);
    at = putBytes(buffer, at, denial.start);
    if (requestId !== '') at = this.#requestId.put(buffer, at, requestId, texts);
    at = putBytes(buffer, at, denial.headers);
    buffer[at] = BODY;
    at = putVarint(buffer, at + 1, bodySize);
    at = putBytes(buffer, at, denial.body);
    if (denial.isJson) at = texts.put(buffer, texts.put(buffer, at, idInBody), jsonBodyEnd);
    out.at = this.#metadata.put(buffer, at, deny, model, fields, texts);
  }

  #denialOf(reason: DenialReason, isGrpc: boolean): Denial {
    const denials = isGrpc ? this.#asGrpc : this.#asJson;
    let denial = denials.get(reason);
    if (!denial) {
      denial = encodeDenial(reason, isGrpc);
      denials.set(reason, denial);
    }
    return denial;
  }
}

function encodeDenial(reason: DenialReason, isGrpc: boolean, cause?: DenialCause): Denial {
  const answer = answerByCause(reason, cause);
  const { httpStatus, grpcStatus, challenge, retryAfter } = answer;
  return {
    status: field(STATUS, numberField(CODE, grpcStatus)),
    start: Buffer.concat([
      field(HTTP_STATUS, numberField(CODE, httpStatus)),
      encodeHeader('x-modelgate-reason', reason),
      isGrpc ? encodeHeader('grpc-status', String(grpcStatus)) : encodeHeader('content-type', 'application/json'),
    ]),
    headers: Buffer.concat([
      ...(challenge === undefined ? [] : [encodeHeader('www-authenticate', challenge)]),
      ...(retryAfter === undefined ? [] : [encodeHeader('retry-after', String(retryAfter))]),
    ]),
    body: Buffer.from(isGrpc ? grpcBody(answer) : jsonBodyHead(reason, answer)),
    isJson: !isGrpc,
  };
}
