import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { handOverSocket } from './hand-over-socket.ts';
import { Messages } from './messages.ts';

/** What a server does to give its place to the next. */
export interface LeavingServer {
  /** Ends everything that writes, and closes the store; checks are answered from memory on. */
  release(): Promise<void>;
  /** Frees the check address; calls on open connections go on. */
  stopListening(): void;
}

export interface HandOverOffer {
  /**
   * Gives the place to the server that waits for it, at most so long; false where none waits. When it resolves, the other
   * one listens, or is gone or late: then there is nothing left but to drain.
   */
  handOver(leaving: LeavingServer, limitMs: number): Promise<boolean>;
  /** Ends the talk: the other one takes it that we answer nothing any more. */
  close(): Promise<void>;
}

/**
 * Lets another server ask to be the next one on this data directory. The socket is listened on until nothing is answered any
 * more, the store having been given up or not: so whoever finds the store free knows whether it may acknowledge changes.
 */
export async function offerHandOver(dataDirectory: string): Promise<HandOverOffer> {
  const path = handOverSocket(dataDirectory);
  const waiting = new Set<Messages>();
  const server = createServer(socket => {
    const messages = new Messages(socket);
    waiting.add(messages);
    messages.say('noted');
    void messages.gone().then(() => waiting.delete(messages));
  });
  // Left behind by a crash: nobody else has the store.
  await rm(path, { force: true });
  await listen(server, path);
  return {
    async handOver(leaving, limitMs) {
      const [next] = waiting;
      if (next === undefined) {
        return false;
      }
      const deadline = performance.now() + limitMs;
      const left = () => Math.max(0, deadline - performance.now());
      await leaving.release();
      next.say('released');
      if (await next.hear('loaded', left())) {
        leaving.stopListening();
        next.say('freed');
        await next.hear('listening', left());
      }
      return true;
    },
    close: async () => {
      server.close();
      for (const messages of waiting) {
        messages.end();
      }
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      // No descriptor left, say: whoever asked is not heard, and asks again.
      server.on('error', () => undefined);
      resolve();
    });
  });
  await chmod(path, 0o600);
}
