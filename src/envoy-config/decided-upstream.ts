/** Headers of the check that name the model that the decision was made on. */
const deciding = /^x-modelgate-(model|target)$/i;
/** Some models read `_` and `-` as one. */
const own = /^x[-_]modelgate[-_]/i;

/** Whether only the check may write a header of this name. */
export function isOwnHeader(header: string | undefined): boolean {
  return own.test(header ?? '');
}

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

/** The names in a list that isListOfNames takes. */
export function listedNames(regex: string | undefined): readonly string[] {
  return (regex ?? '').replace(/[\^$()]/g, '').split('|');
}

/** The key of the context extension by which a route pins its model (B6a). */
export const pinKey = 'modelgate_model';
