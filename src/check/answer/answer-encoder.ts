import type { Allow, Decision, Deny } from '../../decision/decision.ts';
import type { ByteWriter } from '../wire/byte-writer.ts';
import { TextWriter, toBytes } from '../wire/text-writer.ts';
import { AllowEncoder, type ToRemove } from './allow-encoder.ts';
import { DenialEncoder, type DeniedCall } from './denial-encoder.ts';
import { type AnswerTexts, DynamicMetadata } from './dynamic-metadata.ts';

/** Writes decisions as CheckResponses. What a text is made of does not matter; ASCII costs least. */
export class AnswerEncoder {
  readonly #metadata = new DynamicMetadata();
  readonly #allow = new AllowEncoder(this.#metadata);
  readonly #denial = new DenialEncoder(this.#metadata);
  readonly #texts = new TextWriter();
  readonly #fields: AnswerTexts = { model: '', target: '', project: '', principal: '', keyId: '' };

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

  #begin({ model, caller }: Decision): void {
    const fields = this.#fields;
    this.#texts.reset();
    fields.model = model ? model.model_id : '';
    fields.target = model ? model.target : '';
    fields.project = model ? model.project_id : '';
    fields.principal = caller ? caller.principal : '';
    fields.keyId = caller ? caller.keyId : '';
  }

  #widen(): void {
    const fields = this.#fields;
    fields.model = toBytes(fields.model);
    fields.target = toBytes(fields.target);
    fields.project = toBytes(fields.project);
    fields.principal = toBytes(fields.principal);
    fields.keyId = toBytes(fields.keyId);
  }
}
