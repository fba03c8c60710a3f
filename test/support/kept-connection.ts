import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface KeptAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/** One connection of HTTP/1.1 that is kept, with one call at a time: bytes as they are, since a client of HTTP would need the core that the servers need. */
export class KeptConnection {
  readonly #socket: Socket;
  #text = '';
  #take: (answer: KeptAnswer) => void = () => undefined;
  #refuse: (fault: Error) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay().setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#refuse(new Error('the connection closed before the answer')));
  }

  static async open(port: number): Promise<KeptConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new KeptConnection(socket);
  }

  /** Sends a whole request. Rejects where the connection ends before its answer. */
  call(...parts: readonly Buffer[]): Promise<KeptAnswer> {
    return new Promise((resolve, reject) => {
      [this.#take, this.#refuse] = [resolve, reject];
      this.#socket.cork();
      for (const part of parts) this.#socket.write(part);
      this.#socket.uncork();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#text += text;
    const end = this.#text.indexOf('\r\n\r\n');
    if (end === -1) return;
    const [first = '', ...lines] = this.#text.slice(0, end).split('\r\n');
    const headers = new Map(lines.map(line => line.split(/: ?(.*)/s, 2) as [string, string]));
    const length = Number(headers.get('content-length') ?? 0);
    if (this.#text.length < end + 4 + length) return;
    this.#text = this.#text.slice(end + 4 + length);
    this.#take({ status: Number(first.split(' ')[1]), headers });
  }
}
