/** Headers of the check that name the model that the decision was made on. */
const deciding = /^x-modelgate-(model|target)$/i;
/** Names with `|` between them. A dot would match any letter, and so another model's name. */
const names = /^\^?\(?[\w-]+(\|[\w-]+)*\)?\$?$/;

/** Whether a header of this name is the check's own word on the model. */
export function isDeciding(header: string | undefined): boolean {
  return deciding.test(header ?? '');
}

/** Whether a regular expression, matched in full, takes nothing but the names that are written in it. */
export function isListOfNames(regex: string | undefined): boolean {
  return names.test(regex ?? '');
}

/** The key of the context extension by which a route pins its model (B6a). */
export const pinKey = 'modelgate_model';
