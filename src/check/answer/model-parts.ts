import type { CalledModel } from '../../snapshot/snapshot.ts';
import { encodeHeader } from './encoded-header.ts';
import { encodeEntry } from './encoded-metadata.ts';

/** What every answer about a model says of it, as bytes. */
export interface ModelParts {
  /** Its identity headers (B24). */
  readonly headers: Buffer;
  /** Its entries of the dynamic metadata (B27). */
  readonly metadata: Buffer;
}

/** The parts of models, each made when it is first answered about, and let go with what is known of the model. */
export class ModelPartsCache {
  readonly #parts = new WeakMap<CalledModel, ModelParts>();

  of(model: CalledModel): ModelParts {
    let parts = this.#parts.get(model);
    if (!parts) {
      parts = encodeModel(model);
      this.#parts.set(model, parts);
    }
    return parts;
  }
}

function encodeModel({ model_id, target, project_id }: CalledModel): ModelParts {
  return {
    headers: Buffer.concat([
      encodeHeader('x-modelgate-model', model_id),
      encodeHeader('x-modelgate-target', target),
      encodeHeader('x-modelgate-project', project_id),
    ]),
    metadata: Buffer.concat([encodeEntry('model', model_id), encodeEntry('project', project_id)]),
  };
}
