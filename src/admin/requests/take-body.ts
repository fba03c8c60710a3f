import { UnreadableInput } from '../../input/decode-text.ts';
import { ApiError } from '../api-error.ts';

/** What `read` makes of a body; an UnreadableInput becomes an ApiError. */
export function takeBody<T>(read: () => T): T {
  try {
    return read();
  } catch (fault) {
    throw fault instanceof UnreadableInput ? new ApiError('invalid_argument', `the body ${fault.message}`) : fault;
  }
}
