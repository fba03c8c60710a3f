import type { StoreError, StoreErrorCode } from '../store/store-error.ts';

export interface FieldFault {
  readonly field: string;
  readonly description: string;
}

/** gRPC's codes, as the error body of the API names them, with the HTTP status of each. */
const httpStatuses = {
  invalid_argument: [3, 400],
  not_found: [5, 404],
  already_exists: [6, 409],
  permission_denied: [7, 403],
  quota_exhausted: [8, 403],
  failed_precondition: [9, 409],
  too_large: [8, 413],
  unsupported: [3, 415],
  throttled: [8, 429],
  internal: [13, 500],
  unavailable: [14, 503],
  unauthenticated: [16, 401],
} as const;

export type ApiErrorKind = keyof typeof httpStatuses;

/** A refusal of the admin API: what is wrong and what to do, for people, without any key. */
export class ApiError extends Error {
  readonly grpcCode: number;
  readonly statusCode: number;
  readonly details: readonly FieldFault[];

  constructor(kind: ApiErrorKind, message: string, details: readonly FieldFault[] = [], cause?: unknown) {
    super(message, { cause });
    this.name = 'ApiError';
    [this.grpcCode, this.statusCode] = httpStatuses[kind];
    this.details = details;
  }
}

const storeErrors: Record<StoreErrorCode, ApiErrorKind> = {
  not_found: 'not_found',
  conflict: 'already_exists',
  has_dependents: 'failed_precondition',
  in_use: 'unavailable',
  unwritable: 'unavailable',
  newer_version: 'unavailable',
  damaged: 'unavailable',
  full: 'unavailable',
  io_error: 'unavailable',
  displaced: 'unavailable',
  unavailable: 'unavailable',
};

/** What a store's refusal is for the caller of the API. */
export function fromStoreError(error: StoreError): ApiError {
  return new ApiError(storeErrors[error.code], error.message, [], error.cause);
}

/** A fault in one field of the request. */
export function fieldError(field: string, description: string): ApiError {
  return new ApiError('invalid_argument', `${field}: ${description}`, [{ field, description }]);
}

export function notFound(what: string): ApiError {
  return new ApiError('not_found', `there is no ${what}`);
}
