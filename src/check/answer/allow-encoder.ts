import type { Permission } from '../../changes/change-set.ts';
import { type ApiKeyHeader, apiKeyHeaders } from '../../credentials/credentials.ts';
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
  readonly credentialHeaders: readonly ApiKeyHeader[];
  readonly accessKeyInQuery: boolean;
  /** Chosen by the client: nothing is kept of them. */
  readonly headersWithOwnKeys: readonly string[];
  readonly parametersWithOwnKeys: readonly string[];
}

const permissions: readonly (Permission | undefined)[] = [
  undefined,
  'business_user',
  'read',
  'operator',
  'write',
  'admin',
];
const nothing = Buffer.alloc(0);

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
  /** What is said by closed sets alone, by what it depends on: made once for each of some hundred cases. */
  readonly #ends: (Buffer | undefined)[] = [];

  constructor(metadata: DynamicMetadata, models: ModelPartsCache) {
    this.#metadata = metadata;
    this.#models = models;
  }

  /** Appends the answer. */
  write(allow: Allow, fields: AnswerTexts, toRemove: ToRemove, texts: TextWriter, out: ByteWriter): void {
    const kind = allow.caller && this.#kinds[allow.caller.principalKind];
    const end = this.#endOf(allow, toRemove);
    const model = this.#models.of(allow.model);
    const more = encodeMore(toRemove);
    let okSize = model.headers.length + end.length + more.length;
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
    at = putBytes(buffer, at, more);
    out.at = this.#metadata.put(buffer, at, allow, model, fields, texts);
  }

  /** The permission, if it is known, and what of a closed set is to be removed. */
  #endOf({ caller }: Allow, toRemove: ToRemove): Buffer {
    const key = keyOf(caller, toRemove);
    const known = this.#ends[key];
    if (known) return known;
    const made = encodeEnd(caller, toRemove);
    this.#ends[key] = made;
    return made;
  }
}

/** A number for each case of what an end says. */
function keyOf(caller: Caller | undefined, { credentialHeaders, accessKeyInQuery }: ToRemove): number {
  let key = caller ? 1 + permissions.indexOf(caller.permission) : 0;
  for (const name of apiKeyHeaders) key = key * 2 + (credentialHeaders.includes(name) ? 1 : 0);
  return key * 2 + (accessKeyInQuery ? 1 : 0);
}

/** Hardly any call has such, so that this may cost. */
function encodeMore({ headersWithOwnKeys, parametersWithOwnKeys }: ToRemove): Buffer {
  if (headersWithOwnKeys.length === 0 && parametersWithOwnKeys.length === 0) return nothing;
  return Buffer.concat([
    ...headersWithOwnKeys.map(name => field(HEADERS_TO_REMOVE, name)),
    ...parametersWithOwnKeys.map(name => field(QUERY_PARAMETERS_TO_REMOVE, name)),
  ]);
}

function encodeEnd(caller: Caller | undefined, { credentialHeaders, accessKeyInQuery }: ToRemove): Buffer {
  const permission = caller?.permission;
  const unknown = [...(caller ? [] : callerHeaders), ...(permission === undefined ? [permissionHeader] : [])];
  const removed = [...unknown, 'x-model-access-key', ...apiKeyHeaders.filter(name => credentialHeaders.includes(name))];
  return Buffer.concat([
    ...(permission === undefined ? [] : [encodeHeader(permissionHeader, permission)]),
    ...removed.map(name => field(HEADERS_TO_REMOVE, name)),
    ...(accessKeyInQuery ? [field(QUERY_PARAMETERS_TO_REMOVE, 'accessKey')] : []),
  ]);
}
