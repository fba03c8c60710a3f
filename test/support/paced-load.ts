import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PacedLoadOptions {
  readonly port: number;
  readonly perSecond: number;
  /** One whole request of HTTP/1.1 that keeps its connection. */
  readonly request: string;
}

/** Calls that were due within one part of the load; complete when the load has stopped. */
export interface Lap {
  /** How many got which status; 0: the connection ended without one, or there were too many under way to send it. */
  readonly outcomes: Map<number, number>;
  /** The longest from when a call was due to its answer, and to its sending, in milliseconds: the latter is the loader's own doing. */
  slowestMs: number;
  latestMs: number;
}

export interface PacedLoad {
  /** All of them so far; the first begins with the load. */
  readonly laps: readonly Lap[];
  /** Begins another lap. */
  lap(): Lap;
  /** Calls that were sent and are not answered yet. */
  underWay(): number;
  /** Ends the load and waits for the calls under way. */
  stop(): Promise<void>;
}

/** At once: as many as a gateway's clients may have, and far from the number of ports that a machine has. */
const connectionsMax = 8000;

/**
 * Calls a gateway so many times a second by the clock, whether answers come or not; over sockets as they are, since at
 * thousands a second a client of HTTP would need the core that the servers need.
 */
export function startPacedLoad({ port, perSecond, request }: PacedLoadOptions): PacedLoad {
  const pool = new Pool(port, Buffer.from(request, 'latin1'));
  const newLap = (): Lap => ({ outcomes: new Map(), slowestMs: 0, latestMs: 0 });
  const laps = [newLap()];
  let [running, underWay] = [true, 0];
  const send = (due: number, of: Lap) => {
    of.latestMs = Math.max(of.latestMs, performance.now() - due);
    underWay += 1;
    pool.ask(status => {
      underWay -= 1;
      of.slowestMs = Math.max(of.slowestMs, performance.now() - due);
      of.outcomes.set(status, (of.outcomes.get(status) ?? 0) + 1);
    });
  };
  const loop = (async () => {
    const start = performance.now();
    const dueOf = (n: number) => start + (n * 1000) / perSecond;
    for (let sent = 0; running; await sleep(1)) {
      // As many as the clock asks for, however late the timer was.
      for (; dueOf(sent) <= performance.now(); sent += 1) {
        send(dueOf(sent), laps.at(-1) as Lap);
      }
    }
  })();
  return {
    laps,
    lap: () => {
      const lap = newLap();
      laps.push(lap);
      return lap;
    },
    underWay: () => underWay,
    stop: async () => {
      running = false;
      await loop;
      while (underWay > 0) await sleep(5);
      pool.close();
    },
  };
}

/** Connections that are kept, one call at a time on each. */
class Pool {
  readonly #port: number;
  readonly #request: Buffer;
  readonly #open = new Set<Socket>();
  readonly #idle = new Set<Socket>();
  readonly #answered = new WeakMap<Socket, (status: number) => void>();

  constructor(port: number, request: Buffer) {
    this.#port = port;
    this.#request = request;
  }

  ask(answered: (status: number) => void): void {
    const [kept] = this.#idle;
    if (kept === undefined && this.#open.size >= connectionsMax) {
      answered(0);
      return;
    }
    const socket = kept ?? this.#connect();
    this.#idle.delete(socket);
    this.#answered.set(socket, answered);
    socket.write(this.#request);
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #connect(): Socket {
    const socket = connect(this.#port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    this.#open.add(socket);
    let text = '';
    socket.on('data', (chunk: string) => {
      text += chunk;
      const head = text.indexOf('\r\n\r\n');
      const [, length = '0'] = /\r\ncontent-length: (\d+)\r\n/i.exec(text) ?? [];
      if (head !== -1 && text.length >= head + 4 + Number(length)) {
        this.#idle.add(socket);
        this.#end(socket, Number(text.slice(9, 12)));
        text = '';
      }
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#idle.delete(socket);
      this.#end(socket, 0);
    });
    return socket;
  }

  #end(socket: Socket, status: number): void {
    const answered = this.#answered.get(socket);
    this.#answered.delete(socket);
    answered?.(status);
  }
}
