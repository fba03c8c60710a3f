import type { FastifyRequest } from 'fastify';
import type { WriteKind } from '../../store/store.ts';

/** What a change of a thing says that closes something which was open, in the API's fields. */
const closing: Readonly<Record<string, unknown>> = {
  deactivated: true,
  site_admin: false,
  auth_enabled: true,
  state: 'stopped',
  visibility: 'private',
};

/** Whether a request takes something away from somebody, and so goes before ordinary writes that wait (T55). */
export function writeKindOf({ method, routeOptions, body }: FastifyRequest): WriteKind {
  const isRevocation =
    method === 'DELETE' || routeOptions.config.revokes === true || (method === 'PATCH' && closes(body));
  return isRevocation ? 'revocation' : 'ordinary';
}

function closes(body: unknown): boolean {
  return Object.entries(body ?? {}).some(([field, value]) => field in closing && closing[field] === value);
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route ends what was valid until now, though its method is none that deletes. */
    revokes?: boolean;
  }
}
