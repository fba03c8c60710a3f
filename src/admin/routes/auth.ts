import { ApiError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { readBearer } from '../authenticate.ts';
import type { AdminContext } from '../context.ts';
import { keyValidity, validateKey } from '../schemas/auth.ts';
import { optionalBody } from '../schemas/fields.ts';

/** What an API key, not a user, may ask: registered without the sign-in that all other routes need. */
export function authRoutes(server: ApiServer, context: AdminContext): void {
  server.post(
    '/auth/validate_key',
    { schema: { body: optionalBody(validateKey), response: { 200: keyValidity } } },
    async request => {
      const apiKey = readBearer(request.headers.authorization);
      if (apiKey === undefined) {
        throw new ApiError('unauthenticated', 'send the API key to be validated as Authorization: Bearer KEY');
      }
      return context.validateKey(apiKey, request.body.audience);
    },
  );
}
