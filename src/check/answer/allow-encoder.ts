import type { Permission } from '../../changes/change-set.ts';
import type { Allow, Caller } from '../../decision/decision.ts';
import type { ByteWriter } from '../wire/byte-writer.ts';
import { delimitedSize, field, putBytes, putVarint } from '../wire/put-bytes.ts';
import type { TextWriter } from '../wire/text-writer.ts';
import type { AnswerTexts, DynamicMetadata } from './dynamic-metadata.ts';
import { EncodedHeader, encodeHeader } from './encoded-header.ts';
import type { ModelPartsCache } from './model-parts.ts';

/** CheckResponse.status, a Status whose code is OK (0) and so not written; CheckResponse.ok_response. */
const STATUS_OK = Buffer.from([0x0a, 0x00]);
const OK_RESPONSE = 0x1a;
/** Of OkHttpResponse. */
const HEADERS_TO_REMOVE = 0x2a;
const QUERY_PARAMETERS_TO_REMOVE = 0x42;

const callerHeaders = ['x-modelgate-principal', 'x-modelgate-principal-kind', 'x-modelgate-key-id'];
const permissionHeader = 'x-modelgate-permission';

/** What else goes: credentials that must not reach the model. */
export interface ToRemove {
  readonly credentialHeaders: readonly string[];
  readonly accessKeyInQuery: boolean;
}

interface End {
  readonly isKnown: boolean;
  readonly permission: Permission | undefined;
  readonly toRemove: ToRemove;
  readonly bytes: Buffer;
}

/**
 * Lets the call through and tells the model who calls (B24). Every `x-modelgate-…` header is either set or removed, never
 * both, so that a client can forge none: Envoy removes last.
 */
export class AllowEncoder {
  readonly #metadata: DynamicMetadata;
  readonly #models: ModelPartsCache;
  readonly #principal = new EncodedHeader('x-modelgate-principal');
  readonly #keyId = new EncodedHeader('x-modelgate-key-id');
  readonly #kinds = {
    user: encodeHeader('x-modelgate-principal-kind', 'user'),
    application: encodeHeader('x-modelgate-principal-kind', 'application'),
  };
  /** What is said by closed sets alone, by what it depends on: made once for each of some dozens of cases. */
  readonly #ends: End[] = [];

  constructor(metadata: DynamicMetadata, models: ModelPartsCache) {
    this.#metadata = metadata;
    this.#models = models;
  }

  /** Appends the answer. */
  write(allow: Allow, fields: AnswerTexts, toRemove: ToRemove, texts: TextWriter, out: ByteWriter): void {
    const kind = allow.caller && this.#kinds[allow.caller.principalKind];
    const end = this.#endOf(allow, toRemove);
    const model = this.#models.of(allow.model);
    let okSize = model.headers.length + end.length;
    if (kind) {
      okSize += this.#principal.size(fields.principal.length) + kind.length + this.#keyId.size(fields.keyId.length);
    }
    const metadataSize = this.#metadata.size(allow, model, fields);
    out.reserve(STATUS_OK.length + 1 + delimitedSize(okSize) + metadataSize);
    const { buffer } = out;
    let at = putBytes(buffer, out.at, STATUS_OK);
    buffer[at] = OK_RESPONSE;
    at = putVarint(buffer, at + 1, okSize);
    at = putBytes(buffer, at, model.headers);
    if (kind) {
      at = this.#principal.put(buffer, at, fields.principal, texts);
      at = putBytes(buffer, at, kind);
      at = this.#keyId.put(buffer, at, fields.keyId, texts);
    }
    at = putBytes(buffer, at, end);
    out.at = this.#metadata.put(buffer, at, allow, model, fields, texts);
  }

  /** The permission, if it is known, and all that is to be removed. */
  #endOf({ caller }: Allow, toRemove: ToRemove): Buffer {
    const isKnown = caller !== undefined;
    const permission = caller?.permission;
    for (const end of this.#ends) {
      if (end.permission === permission && end.isKnown === isKnown && isSame(end.toRemove, toRemove)) return end.bytes;
    }
    const made = { isKnown, permission, toRemove, bytes: encodeEnd(caller, toRemove) };
    this.#ends.push(made);
    return made.bytes;
  }
}

function isSame(one: ToRemove, other: ToRemove): boolean {
  const { credentialHeaders } = one;
  if (one.accessKeyInQuery !== other.accessKeyInQuery) return false;
  if (credentialHeaders === other.credentialHeaders) return true;
  if (credentialHeaders.length !== other.credentialHeaders.length) return false;
  for (let index = 0; index < credentialHeaders.length; index += 1) {
    if (credentialHeaders[index] !== other.credentialHeaders[index]) return false;
  }
  return true;
}

function encodeEnd(caller: Caller | undefined, { credentialHeaders, accessKeyInQuery }: ToRemove): Buffer {
  const permission = caller?.permission;
  const unknown = [...(caller ? [] : callerHeaders), ...(permission === undefined ? [permissionHeader] : [])];
  const removed = [...unknown, 'x-model-access-key', ...credentialHeaders];
  return Buffer.concat([
    ...(permission === undefined ? [] : [encodeHeader(permissionHeader, permission)]),
    ...removed.map(name => field(HEADERS_TO_REMOVE, name)),
    ...(accessKeyInQuery ? [field(QUERY_PARAMETERS_TO_REMOVE, 'accessKey')] : []),
  ]);
}
