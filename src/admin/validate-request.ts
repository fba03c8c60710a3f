import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { ApiError, type FieldFault } from './api-error.ts';
import { faultText } from './fault-text.ts';

/** Faults of a request that are told at once, and the longest text of each: the answer must not grow with the request. */
const faultsShown = 20;
const shownLengthMax = 300;

/** Checks a part of a request by its zod schema; what is wrong comes as an ApiError that names each field. */
export const validateRequest: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  data => {
    const { data: value, error } = z.safeParse(schema, data, { error: faultText });
    return error ? { error: toApiError(error.issues) } : { value };
  };

function toApiError(issues: readonly z.core.$ZodIssue[]): ApiError {
  const details = issues.slice(0, faultsShown).map(toFieldFault);
  const message = details.map(({ field, description }) => `${field || 'the request'}: ${description}`).join('; ');
  const more = issues.length - details.length;
  return new ApiError('invalid_argument', more > 0 ? `${message}; and ${more} more` : message, details);
}

/** What one fault of a schema is for people: an unknown member is named by its own path. */
function toFieldFault(issue: z.core.$ZodIssue): FieldFault {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = [...issue.path, ...unknown].join('.');
  return { field: field.slice(0, shownLengthMax), description: issue.message.slice(0, shownLengthMax) };
}
