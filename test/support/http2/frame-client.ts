import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { HpackDecoder } from '../../../src/check/http2/hpack/decoder.ts';
import { until } from '../until.ts';
import { greeting, settings, windowUpdate } from './frame-bytes.ts';
import { type Blocks, PeerView } from './peer-view.ts';

/** For answers of other servers, which use Huffman; it is tested by itself. */
export class AnyBlocks implements Blocks {
  readonly #decoder = new HpackDecoder(2 ** 24, 2 ** 24);

  allow(): void {
    // Taken at its word.
  }

  read(block: Buffer): [string, string][] {
    const fields = this.#decoder.decode(block, 0, block.length);
    if (typeof fields === 'string') throw new Error(`a block that is ${fields}`);
    return fields.map(({ name, value }) => [name, value]);
  }
}

/** A client over a real socket that sends whatever it is told, and reads what it gets as `PeerView` does. */
export class FrameClient {
  readonly socket: Socket;
  readonly view: PeerView;
  closed = false;
  /** What the server sent made no sense. */
  fault: Error | undefined;
  #toldOfNews: () => void = () => undefined;

  constructor(socket: Socket, view = new PeerView()) {
    this.socket = socket;
    this.view = view;
    socket.setNoDelay();
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.closed = true;
      this.#toldOfNews();
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        view.receive(chunk);
      } catch (fault) {
        this.fault ??= fault as Error;
        socket.destroy();
      }
      this.#toldOfNews();
    });
  }

  /** Opens a connection to a port, or to a socket by its path, as it should be opened. */
  static async open(at: number | string, asks: readonly (readonly [number, number])[] = []): Promise<FrameClient> {
    const socket = typeof at === 'string' ? connect(at) : connect(at, '127.0.0.1');
    return FrameClient.begin(new FrameClient(socket), 'connect', asks);
  }

  /** The same over TLS, to a port of loopback whose certificate this authority has issued. */
  static async openTls(
    port: number,
    ca: string,
    asks: readonly (readonly [number, number])[] = [],
  ): Promise<FrameClient> {
    const socket = connectTls({ port, host: '127.0.0.1', ca, ALPNProtocols: ['h2'] });
    return FrameClient.begin(new FrameClient(socket), 'secureConnect', asks);
  }

  private static async begin(client: FrameClient, when: string, asks: readonly (readonly [number, number])[]) {
    await once(client.socket, when);
    client.send(greeting);
    client.ask(...asks);
    return client;
  }

  send(...parts: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  ask(...values: readonly (readonly [id: number, value: number])[]): void {
    this.view.ask(values);
    this.send(settings(...values));
  }

  widen(stream: number, increment: number): void {
    this.view.widen(stream, increment);
    this.send(windowUpdate(stream, increment));
  }

  /** Resolves when something has come, or the connection has closed. */
  news(): Promise<void> {
    return new Promise(resolve => {
      this.#toldOfNews = resolve;
    });
  }

  async ended(...streams: readonly number[]): Promise<void> {
    await until(`streams ${streams} end`, () => {
      if (this.fault !== undefined) throw this.fault;
      const isAll = streams.every(id => this.view.streams.get(id)?.ended);
      if (!isAll && this.closed) throw new Error(`the connection has closed before streams ${streams} ended`);
      return isAll;
    });
  }

  close(): void {
    this.socket.destroy();
  }
}
