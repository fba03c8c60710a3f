import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { StoreError } from '../../store/store-error.ts';
import { ApiError, fromStoreError } from '../api-error.ts';
import { type AdminContext, inForce } from '../context.ts';

/**
 * An error handler for changes, which lets the error pass to the next one. That there is nothing to change is told only once
 * what removed it outlives a crash and is in force: whoever was refused with 503 asks again, and takes the 404 for done (B38, B41).
 */
export function confirmGone(context: AdminContext) {
  return async (error: FastifyError, request: FastifyRequest, reply: FastifyReply): Promise<never> => {
    if (request.method !== 'GET' && isNotFound(error)) {
      await inForce(context, reply, await context.store.confirm());
    }
    throw error;
  };
}

function isNotFound(error: Error): boolean {
  const known = error instanceof StoreError ? fromStoreError(error) : error;
  return known instanceof ApiError && known.statusCode === 404;
}
