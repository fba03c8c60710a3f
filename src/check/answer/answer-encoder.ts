import type { Allow, Decision, Deny } from '../../decision/decision.ts';
import type { ByteWriter } from '../wire/byte-writer.ts';
import { TextWriter, toBytes } from '../wire/text-writer.ts';
import { AllowEncoder, type ToRemove } from './allow-encoder.ts';
import { DenialEncoder, type DeniedCall } from './denial-encoder.ts';
import { type AnswerTexts, DynamicMetadata } from './dynamic-metadata.ts';
import { ModelPartsCache } from './model-parts.ts';

/** Writes decisions as CheckResponses. What a text is made of does not matter; ASCII costs least. */
export class AnswerEncoder {
  readonly #metadata = new DynamicMetadata();
  readonly #models = new ModelPartsCache();
  readonly #allow = new AllowEncoder(this.#metadata, this.#models);
  readonly #denial = new DenialEncoder(this.#metadata, this.#models);
  readonly #texts = new TextWriter();
  readonly #fields: AnswerTexts = { principal: '', keyId: '' };

  /** Appends the answer that lets the call through. */
  writeAllow(allow: Allow, toRemove: ToRemove, out: ByteWriter): void {
    const start = out.at;
    this.#begin(allow);
    this.#allow.write(allow, this.#fields, toRemove, this.#texts, out);
    if (!this.#texts.isAscii) {
      out.at = start;
      this.#widen();
      this.#allow.write(allow, this.#fields, toRemove, this.#texts, out);
    }
  }

  /** Appends the answer that refuses the call. */
  writeDenial(deny: Deny, call: DeniedCall, out: ByteWriter): void {
    const start = out.at;
    this.#begin(deny);
    this.#denial.write(deny, call, this.#fields, this.#texts, out);
    if (!this.#texts.isAscii) {
      out.at = start;
      this.#widen();
      this.#denial.write(deny, call, this.#fields, this.#texts, out);
    }
  }

  #begin({ caller }: Decision): void {
    const fields = this.#fields;
    this.#texts.reset();
    fields.principal = caller ? caller.principal : '';
    fields.keyId = caller ? caller.keyId : '';
  }

  #widen(): void {
    const fields = this.#fields;
    fields.principal = toBytes(fields.principal);
    fields.keyId = toBytes(fields.keyId);
  }
}
