import type { Permission } from '../../changes/change-set.ts';
import type { Decision, DenialReason } from '../../decision/decision.ts';
import { putBytes } from '../wire/put-bytes.ts';
import type { TextWriter } from '../wire/text-writer.ts';
import { EncodedEntry, encodeEntry, NestedStruct, NumberEntry } from './encoded-metadata.ts';
import type { ModelParts } from './model-parts.ts';

/** CheckResponse.dynamic_metadata. */
const DYNAMIC_METADATA = 0x22;

/** The texts of an answer that neither the model nor a closed set holds; empty where nothing is known. Each with a character for each byte. */
export interface AnswerTexts {
  principal: string;
  keyId: string;
}

/** What closed sets say, by how it was decided. */
interface ClosedPart {
  readonly reason: Decision['reason'];
  readonly permission: Permission | undefined;
  readonly shadowReason: DenialReason | undefined;
  readonly bytes: Buffer;
}

/** What access logs, rate limits and RBAC read under the filter's name (B27), as bytes. What is not known is left out. */
export class DynamicMetadata {
  readonly #struct = new NestedStruct(DYNAMIC_METADATA, 'modelgate');
  readonly #revision = new NumberEntry('revision');
  readonly #principal = new EncodedEntry('principal');
  readonly #keyId = new EncodedEntry('key_id');
  /** Some dozens at most; the usual ones come first, since they are met first. */
  readonly #closed: ClosedPart[] = [];
  #innerSize = 0;
  #closedPart: Buffer = Buffer.alloc(0);

  /** Number of bytes for this decision with these texts; `put` then writes just that. */
  size(decision: Decision, model: ModelParts | undefined, { principal, keyId }: AnswerTexts): number {
    this.#closedPart = this.#closedPartOf(decision);
    let size = this.#revision.size + this.#closedPart.length;
    if (model) size += model.metadata.length;
    if (decision.caller) size += this.#principal.size(principal.length) + this.#keyId.size(keyId.length);
    this.#innerSize = size;
    return this.#struct.size(size);
  }

  /** Answers the place behind it. */
  put(
    buffer: Buffer,
    at: number,
    decision: Decision,
    model: ModelParts | undefined,
    fields: AnswerTexts,
    texts: TextWriter,
  ): number {
    let next = this.#struct.putHead(buffer, at, this.#innerSize);
    next = putBytes(buffer, next, this.#revision.encode(decision.revision));
    if (model) next = putBytes(buffer, next, model.metadata);
    if (decision.caller) {
      next = this.#principal.put(buffer, next, fields.principal, texts);
      next = this.#keyId.put(buffer, next, fields.keyId, texts);
    }
    return putBytes(buffer, next, this.#closedPart);
  }

  /** Shadow decides only where authentication is off, whose reason it is shown beside. */
  #closedPartOf(decision: Decision): Buffer {
    const { reason } = decision;
    const permission = decision.caller?.permission;
    const shadowReason = decision.outcome === 'allow' ? decision.shadowReason : undefined;
    for (const part of this.#closed) {
      if (part.reason === reason && part.permission === permission && part.shadowReason === shadowReason) {
        return part.bytes;
      }
    }
    const bytes = Buffer.concat([
      ...(permission === undefined ? [] : [encodeEntry('permission', permission)]),
      encodeEntry('decision', decision.outcome),
      encodeEntry('reason', reason),
      ...(shadowReason === undefined ? [] : [encodeEntry('shadow_reason', shadowReason)]),
    ]);
    this.#closed.push({ reason, permission, shadowReason, bytes });
    return bytes;
  }
}
