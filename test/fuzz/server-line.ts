import { setTimeout as sleep } from 'node:timers/promises';
import { type ServeOptions, type StartedProcess, spawnServe } from '../support/serve-process.ts';
import type { AdminCall } from './narrow-call.ts';

/** A change may meet a server that is going; the next one takes it. */
const retryMs = 20;
const triesMs = 60_000;
/** Lines of errors and worse; a server that goes cuts off admin requests that take longer than two seconds. */
const errorLine = /"level":(50|60)(?!.*ERR_STREAM_PREMATURE_CLOSE)/;

/** Servers of one data directory, each a process of its own, of which the next takes the place of the one before. */
export class ServerLine {
  readonly #options: ServeOptions;
  #server: StartedProcess;

  private constructor(options: ServeOptions, server: StartedProcess) {
    this.#options = options;
    this.#server = server;
  }

  static async start(options: ServeOptions): Promise<ServerLine> {
    const server = spawnServe(options);
    await server.says('"serving"');
    return new ServerLine(options, server);
  }

  /** Rejects where the one that goes, or the one that comes, does not do so as it should. `tell` hears when the first one is going. */
  async replace(tell: (isReplacing: boolean) => void): Promise<void> {
    const next = spawnServe(this.#options);
    await next.says('to hand over');
    tell(true);
    await this.#end();
    tell(false);
    this.#server = next;
    await next.says('"serving"');
  }

  /** Ends the last one. Rejects where it had a fault. */
  async end(): Promise<void> {
    await this.#end();
  }

  kill(): void {
    this.#server.child.kill('SIGKILL');
  }

  /** Sends one change, again where a server that goes does not answer it; answers the revision, undefined where it was not told. Rejects where the change is refused. */
  async change({ method, path, body }: AdminCall): Promise<number | undefined> {
    const end = performance.now() + triesMs;
    for (;;) {
      const answer = await this.#server.admin.send(method, path, body).catch((fault: unknown) => fault as Error);
      if (!(answer instanceof Error) && answer.status < 300) return Number(answer.headers.get('x-modelgate-revision'));
      // The first try of a deletion was done, and its answer lost.
      const isDone = !(answer instanceof Error) && answer.status === 404 && method === 'DELETE';
      if (isDone) return undefined;
      const isGoing = answer instanceof Error || answer.status === 503;
      if (!isGoing || performance.now() > end) {
        const why = answer instanceof Error ? String(answer.cause ?? answer) : JSON.stringify(answer.body);
        throw new Error(`${method} ${path} was refused: ${why}\n${JSON.stringify(body)}`);
      }
      await sleep(retryMs);
    }
  }

  async #end(): Promise<void> {
    const code = await this.#server.end('SIGTERM');
    const said = this.#server.stderr();
    if (code !== 0 || errorLine.test(said)) throw new Error(`a server ended with ${code}:\n${said}`);
  }
}
