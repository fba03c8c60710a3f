import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { ApiError, type FieldFault } from '../api-error.ts';
import { faultText } from './fault-text.ts';

/** Faults of a request that are told at once, and the longest text of each: the answer must not grow with the request. */
const faultsShown = 20;
const shownLengthMax = 300;

/** Checks a part of a request by its zod schema; what is wrong comes as an ApiError that names each field. */
export const validateRequest: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  data => {
    const { data: value, error } = z.safeParse(schema, data, { error: faultText });
    return error ? { error: new FieldFaults().add(error.issues).toError() } : { value };
  };

/**
 * Where a value may have one of several forms, what is wrong with the one that was meant: the only one with the fewest faults, all
 * of them in its fields. Else the fault of the value as a whole.
 */
function inChosenForm(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  const forms = issue.code === 'invalid_union' ? issue.errors : [];
  const fewest = Math.min(...forms.map(({ length }) => length));
  const [meant, ...others] = forms.filter(form => form.length === fewest && form.every(({ path }) => path.length > 0));
  if (!meant || others.length > 0) {
    return [issue];
  }
  return meant.map(each => ({ ...each, path: [...issue.path, ...each.path] })).flatMap(inChosenForm);
}

/** Collects what is wrong with a request: the first faults whole, of the others their number. */
export class FieldFaults {
  readonly #shown: FieldFault[] = [];
  #count = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** `path` is where the part that was checked stands in the request. */
  add(issues: readonly z.core.$ZodIssue[], path: readonly PropertyKey[] = []): this {
    for (const issue of issues.flatMap(inChosenForm)) {
      // An unknown member is named by its own path.
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      this.note([...path, ...issue.path, ...unknown], issue.message);
    }
    return this;
  }

  note(path: readonly PropertyKey[], description: string): void {
    this.#count += 1;
    if (this.#shown.length < faultsShown) {
      const field = path.join('.').slice(0, shownLengthMax);
      this.#shown.push({ field, description: description.slice(0, shownLengthMax) });
    }
  }

  toError(): ApiError {
    const details = this.#shown;
    const message = details.map(({ field, description }) => `${field || 'the request'}: ${description}`).join('; ');
    const more = this.#count - details.length;
    return new ApiError('invalid_argument', more > 0 ? `${message}; and ${more} more` : message, details);
  }
}
