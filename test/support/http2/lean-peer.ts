import type { CheckAnswerer } from '../../../src/check/check-answerer.ts';
import { type GrpcCall, GrpcCalls } from '../../../src/check/grpc/grpc-calls.ts';
import { ServiceRegistry } from '../../../src/check/grpc/services.ts';
import { Http2Connection } from '../../../src/check/http2/connection.ts';
import { ByteBudget } from '../../../src/check/http2/limits/byte-budget.ts';
import { OutputPool } from '../../../src/check/http2/output-pool.ts';
import { DerivedAnswers } from './derived-answers.ts';
import { FakeSocket } from './fake-socket.ts';
import { greeting, settings, windowUpdate } from './frame-bytes.ts';
import { PeerView } from './peer-view.ts';

export interface LeanPeerOptions {
  readonly answerer?: CheckAnswerer;
  readonly services?: ServiceRegistry;
  readonly outputs?: OutputPool;
  readonly messageBytesMax?: number;
  readonly bodies?: ByteBudget;
  /** What the client asks for at first. */
  readonly asks?: readonly (readonly [id: number, value: number])[];
  /** Without it the connection is opened as it should be. */
  readonly silent?: boolean;
  /** What is sent makes no sense, so that windows can't be counted. */
  readonly lenient?: boolean;
}

/** The server's side of one connection with neither network nor time, and what its client sees of it. */
export class LeanPeer {
  readonly socket = new FakeSocket();
  readonly view: PeerView;
  readonly answers = new DerivedAnswers();
  readonly connection: Http2Connection<GrpcCall>;
  /** Milliseconds on the connection's clock. */
  now = 1000;
  #seen = 0;

  constructor(options: LeanPeerOptions = {}) {
    const { answerer = this.answers, services = new ServiceRegistry(), outputs = new OutputPool() } = options;
    const {
      messageBytesMax = 1024 * 1024,
      bodies = new ByteBudget(2 ** 30),
      asks = [],
      silent = false,
      lenient = false,
    } = options;
    this.view = new PeerView({ lenient });
    const now = () => this.now;
    this.connection = new Http2Connection<GrpcCall>({
      socket: this.socket.asSocket,
      outputs,
      handler: connection => new GrpcCalls({ connection, answerer, services, messageBytesMax, bodies, now }),
      now,
    });
    if (!silent) {
      this.send(greeting);
      this.ask(...asks);
    }
  }

  /** Sends bytes, all at once. */
  send(...parts: readonly Buffer[]): void {
    this.connection.receive(Buffer.concat(parts));
    this.look();
  }

  /** The same bytes, cut at these places. */
  sendCut(bytes: Buffer, cuts: readonly number[]): void {
    const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)).sort((one, two) => one - two), bytes.length];
    for (const [at, place] of places.slice(1).entries()) {
      this.connection.receive(Buffer.from(bytes.subarray(places[at], place)));
    }
    this.look();
  }

  ask(...values: readonly (readonly [id: number, value: number])[]): void {
    this.view.ask(values);
    this.send(settings(...values));
  }

  widen(stream: number, increment: number): void {
    this.view.widen(stream, increment);
    this.send(windowUpdate(stream, increment));
  }

  /** Reads what the server has written by now. */
  look(): void {
    const news = this.socket.taken.slice(this.#seen);
    this.#seen = this.socket.taken.length;
    for (const bytes of news) {
      this.view.receive(bytes);
    }
  }

  /** The error that the connection was ended with; undefined: it goes on. */
  get ending(): number | undefined {
    return this.socket.ended ? this.view.goaways.at(-1)?.code : undefined;
  }
}
