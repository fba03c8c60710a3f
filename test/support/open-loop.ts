import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface OpenLoopOptions {
  readonly port: number;
  readonly perSecond: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface OpenLoop {
  /** How many calls got which status (or which fault of the connection). */
  readonly outcomes: Map<string, number>;
  slowestMs(): number;
  /** Ends the load and waits for the calls under way. */
  stop(): Promise<void>;
}

/** Calls a gateway so many times a second by the clock, whether answers come or not. */
export function startOpenLoop({ port, perSecond, headers, body }: OpenLoopOptions): OpenLoop {
  const agent = new Agent({ keepAlive: true });
  const outcomes = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  let slowestMs = 0;
  const send = () => {
    const sentAt = performance.now();
    const call = new Promise<void>(resolve => {
      const done = (outcome: string) => {
        slowestMs = Math.max(slowestMs, performance.now() - sentAt);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        resolve();
      };
      const sent = request({ host: '127.0.0.1', port, method: 'POST', path: '/model', agent, headers }, response => {
        response.resume();
        response.once('end', () => done(String(response.statusCode)));
        response.once('error', fault => done(fault.message));
      });
      sent.once('error', fault => done(fault.message));
      sent.end(body);
    });
    underWay.add(call);
    void call.then(() => underWay.delete(call));
  };
  let running = true;
  const loop = (async () => {
    const start = performance.now();
    for (let sent = 0; running; ) {
      // As many as the clock asks for, however late the timer was.
      for (const due = ((performance.now() - start) * perSecond) / 1000; sent < due; sent += 1) {
        send();
      }
      await sleep(1);
    }
  })();
  return {
    outcomes,
    slowestMs: () => slowestMs,
    stop: async () => {
      running = false;
      await loop;
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}
