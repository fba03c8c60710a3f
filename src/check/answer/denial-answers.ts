import type { DenialReason } from '../../decision/decision.ts';

/** How a denial looks on the wire. Nothing in it depends on the request, so no key can be echoed. */
export interface DenialAnswer {
  readonly httpStatus: number;
  /** gRPC's code for callers that speak it (B-table of part 3): 3, 16, 7, 5, 8 or 14. */
  readonly grpcStatus: number;
  /** What is wrong, in a few words. */
  readonly short: string;
  /** What to do about it. */
  readonly advice: string;
  readonly challenge?: string;
  /** Seconds after which a retry makes sense. */
  readonly retryAfter?: number;
}

const invalidToken = 'Bearer realm="models", error="invalid_token"';
/** About what a start or a short loss of the store takes. */
const retryAfter = 5;

const unavailable = { httpStatus: 503, grpcStatus: 14 };
const badRequest = { httpStatus: 400, grpcStatus: 3 };
const unauthenticated = { httpStatus: 401, grpcStatus: 16 };
const forbidden = { httpStatus: 403, grpcStatus: 7 };

/** Every reason with its answer; no status of a denial stands anywhere else. */
export const denialAnswers: Record<DenialReason, DenialAnswer> = {
  not_ready: {
    ...unavailable,
    short: 'Authorization is starting',
    advice: 'Try again in a few seconds',
    retryAfter,
  },
  stale: {
    ...unavailable,
    short: 'Authorization data is too old',
    advice: 'Try again in a few seconds; tell the site admin if it goes on',
    retryAfter,
  },
  check_malformed: {
    ...badRequest,
    short: 'The request could not be read',
    advice: 'Send the call as POST with a JSON body',
  },
  check_failed: {
    ...unavailable,
    short: 'Authorization failed',
    advice: 'Try again; tell the site admin if it goes on',
    retryAfter,
  },
  access_key_ambiguous: {
    ...badRequest,
    short: 'More than one access key',
    advice: 'Name one model: give its accessKey once, in the JSON body, the query or the header x-model-access-key',
  },
  body_incomplete: {
    httpStatus: 413,
    grpcStatus: 8,
    short: 'No access key in what reached the check: the body came to it in part or not at all',
    advice: 'Give the access key in the query (?accessKey=) or in the header x-model-access-key',
  },
  access_key_missing: {
    ...badRequest,
    short: 'No access key',
    advice:
      'Give the accessKey of the model as a string member of the JSON body, in the query (?accessKey=) or in the header x-model-access-key',
  },
  access_key_unknown: {
    httpStatus: 404,
    grpcStatus: 5,
    short: 'No model has this access key',
    advice: "Copy the access key again from the model's page: it may have been regenerated",
  },
  model_mismatch: {
    ...forbidden,
    short: 'This address serves another model',
    advice: 'Use the access key of the model that this address is for',
  },
  api_key_ambiguous: {
    ...badRequest,
    short: 'Two different API keys',
    advice: 'Send one API key of this site, in one of Authorization: Bearer, x-api-key, api-key and x-goog-api-key',
  },
  api_key_missing: {
    ...unauthenticated,
    short: 'No API key',
    advice: 'Send an API key as Authorization: Bearer KEY, or in x-api-key, api-key or x-goog-api-key',
    challenge: 'Bearer realm="models"',
  },
  api_key_invalid: {
    ...unauthenticated,
    short: 'The API key is not valid',
    advice:
      'Create an API key, and send it once, as Authorization: Bearer KEY, or alone in x-api-key, api-key or x-goog-api-key',
    challenge: invalidToken,
  },
  api_key_expired: {
    ...unauthenticated,
    short: 'The API key has expired',
    advice: 'Create a new API key',
    challenge: invalidToken,
  },
  audience_mismatch: {
    ...forbidden,
    short: 'The API key is not meant for model calls',
    advice: 'Create an API key with the audience API',
  },
  not_authorized: {
    ...forbidden,
    short: 'User APikey not authorized to access model',
    advice: 'Check APIKEY permissions or model authentication permissions',
  },
  key_scope: {
    ...forbidden,
    short: 'The API key is not meant for this model',
    advice: "Use a key that is not narrowed to other models, or add this model to the key's models",
  },
  model_stopped: {
    ...unavailable,
    short: 'The model is stopped',
    advice: 'Ask an owner of the model to start it',
  },
};
