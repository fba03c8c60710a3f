import { join } from 'node:path';

/** Where the server on a data directory can be met by the one that is to replace it; the folder keeps other users out. */
export function handOverSocket(dataDirectory: string): string {
  return join(dataDirectory, 'hand-over.sock');
}
