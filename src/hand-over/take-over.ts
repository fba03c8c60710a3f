import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { handOverSocket } from './hand-over-socket.ts';
import { Messages } from './messages.ts';

/** How often the store is tried while its owner can't be talked to, in milliseconds. */
const retryMs = 100;
/**
 * How long and how often an address is tried that should be free, in milliseconds. The kernel may still be clearing away a process that was
 * killed; and while nobody listens on a port of the ephemeral range, a connection that goes out may get it as its own.
 */
const addressMsMax = 10_000;
const addressRetryMs = 20;

export interface TakeOverOptions<T> {
  readonly dataDirectory: string;
  /** Longest wait for the store. */
  readonly limitMs: number;
  /** Opens the store. */
  readonly open: () => Promise<T>;
  /** Gives it up again. */
  readonly close: (opened: T) => Promise<void>;
  /** Whether this fault of `open` says that another process has the store. */
  readonly isInUse: (fault: unknown) => boolean;
  /** Such a fault. */
  readonly inUse: () => Error;
  /** Called when there is somebody to wait for: one that will hand over, or one that can only end. */
  readonly onWait: (handsOver: boolean) => void;
}

/** The server whose place we take; where there was none, nothing is waited for. */
export interface Predecessor {
  /** Tells it that we can answer; resolves when the check address is free. */
  freeAddress(): Promise<void>;
  /** Tells it that we listen; resolves when it answers nothing any more. */
  gone(): Promise<void>;
  /** Listens on an address that it had; tries again for a while where it is still taken. Rejects as `listen` does. */
  inherit<T>(listen: () => Promise<T>): Promise<T>;
  /** Gives up: it ends by itself. */
  leave(): void;
}

/** Opens the store, waiting for the server that has it to hand it over. Rejects as `open` does, at the limit too. */
export async function takeOver<T>(options: TakeOverOptions<T>): Promise<{ opened: T; predecessor: Predecessor }> {
  const { dataDirectory, limitMs, isInUse, onWait } = options;
  const deadline = performance.now() + limitMs;
  let messages: Messages | undefined;
  for (let tries = 0; ; tries += 1) {
    try {
      const opened = await openUnlessAnswered(options, messages);
      return { opened, predecessor: predecessorOf(messages, tries > 0) };
    } catch (fault) {
      if (!isInUse(fault) || performance.now() >= deadline) {
        messages?.end();
        throw fault;
      }
      messages?.end();
      messages = await meet(handOverSocket(dataDirectory));
      const left = () => deadline - performance.now();
      const isNoted = (await messages?.hear('noted', left())) === true;
      if (isNoted || tries === 0) {
        onWait(isNoted);
      }
      await (isNoted ? messages?.hear('released', left()) : sleep(retryMs));
    }
  }
}

/**
 * Opens the store. One that is free while a server still answers from what it knew of it was given up for another one, and is as good as in
 * use: a change that we acknowledged would not count there (B38).
 */
async function openUnlessAnswered<T>(options: TakeOverOptions<T>, messages: Messages | undefined): Promise<T> {
  const opened = await options.open();
  if (messages?.holds('released')) {
    return opened;
  }
  const answering = await meet(handOverSocket(options.dataDirectory));
  if (answering === undefined) {
    return opened;
  }
  answering.end();
  await options.close(opened);
  throw options.inUse();
}

/** Undefined where nobody listens: the owner is just starting or ending, or is no server. */
async function meet(path: string): Promise<Messages | undefined> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return new Messages(socket);
  } catch {
    socket.destroy();
    return undefined;
  }
}

function predecessorOf(messages: Messages | undefined, hasWaited: boolean): Predecessor {
  return {
    freeAddress: async () => {
      messages?.say('loaded');
      await messages?.hear('freed');
    },
    gone: async () => {
      messages?.say('listening');
      await messages?.gone();
    },
    inherit: listen => listenAgain(listen, performance.now() + (hasWaited ? addressMsMax : 0)),
    leave: () => messages?.end(),
  };
}

async function listenAgain<T>(listen: () => Promise<T>, end: number): Promise<T> {
  for (;;) {
    try {
      return await listen();
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EADDRINUSE' || performance.now() >= end) {
        throw fault;
      }
    }
    await sleep(addressRetryMs);
  }
}
