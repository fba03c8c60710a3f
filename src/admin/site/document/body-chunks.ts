import type { Readable } from 'node:stream';
import { ApiError } from '../../api-error.ts';

/**
 * A request's body in the chunks that it came in: put together in one go, many MiB would keep checks waiting (T33).
 * Rejects with an ApiError where it has more bytes than that, or ends early.
 */
export function readChunks(body: Readable, bytesMax: number): Promise<readonly Buffer[]> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        // What still comes is read and dropped, so that whoever sends it gets to read the answer.
        chunks.length = 0;
        reject(new ApiError('too_large', `the body has more than ${bytesMax} bytes`));
      } else {
        chunks.push(chunk);
      }
    });
    body.once('end', () => resolve(chunks));
    body.once('error', () => reject(new ApiError('invalid_argument', 'the body ended early')));
  });
}
