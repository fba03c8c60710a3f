import { withoutSecrets } from '../../keys/keys-in-text.ts';
import type { OutputStream } from '../surroundings.ts';

const intervalMs = 1000;
const clearLine = '\r\u001b[K';

/**
 * Shows that something goes on, on a terminal and only when it takes longer than a second; the line is
 * gone when the work is done. `what` is asked anew each second.
 */
export async function withProgress<T>(stderr: OutputStream, what: () => string, work: Promise<T>): Promise<T> {
  if (!stderr.isTTY) {
    return work;
  }
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    stderr.write(`${clearLine}${withoutSecrets(what())} … ${seconds} s`);
  }, intervalMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (seconds > 0) {
      stderr.write(clearLine);
    }
  }
}
