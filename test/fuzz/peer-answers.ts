import type { FrameClient } from '../support/http2/frame-client.ts';
import type { StreamView } from '../support/http2/peer-view.ts';
import type { Dice } from './dice.ts';
import type { FrameWire } from './frame-wire.ts';
import type { Check, Run } from './run.ts';

const windowMax = 2 ** 31 - 1;
const firstWindow = 65_535;

export interface PeerAnswersOptions {
  readonly client: FrameClient;
  readonly wire: FrameWire;
  readonly run: Run;
  readonly dice: Dice;
}

/** What comes to one connection: each answer to the check that asked for it, and nothing else. */
export class PeerAnswers {
  answered = 0;
  readonly #client: FrameClient;
  readonly #wire: FrameWire;
  readonly #run: Run;
  readonly #dice: Dice;
  readonly #waiting = new Map<number, Check>();
  /** Taken back: an answer may come all the same, and is then the right one. */
  readonly #cancelled = new Map<number, Check>();
  /** Not sent to their end, so that nothing may come. */
  readonly #unended = new Set<number>();
  #mayBeSent = firstWindow;
  #hasLeft = false;
  isGreeted = false;

  constructor({ client, wire, run, dice }: PeerAnswersOptions) {
    this.#client = client;
    this.#wire = wire;
    this.#run = run;
    this.#dice = dice;
    client.socket.on('data', () => this.#look());
    client.socket.on('close', () => this.#ended());
    this.#look();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** The server has asked us to open no more streams here. */
  get isAskedToLeave(): boolean {
    return this.#client.view.goaways.length > 0;
  }

  /** It has said which streams it does not take. */
  get isTold(): boolean {
    return this.#lastTaken < windowMax;
  }

  expect(stream: number, check: Check): void {
    this.#waiting.set(stream, check);
  }

  cancel(stream: number): void {
    const check = this.#waiting.get(stream) as Check;
    this.#waiting.delete(stream);
    this.#cancelled.set(stream, check);
    this.#run.counts.cancelled += 1;
  }

  neverAnswered(stream: number): void {
    this.#waiting.delete(stream);
    this.#unended.add(stream);
  }

  anyWaiting(dice: Dice): number | undefined {
    const streams = [...this.#waiting.keys()];
    return streams.length === 0 ? undefined : dice.pick(streams);
  }

  /** Whether the connection's window has room for so many bytes of bodies. */
  mayUpload(bytes: number): boolean {
    return bytes <= this.#mayBeSent;
  }

  upload(bytes: number): void {
    this.#mayBeSent -= bytes;
  }

  /** What comes from here on is of no interest. */
  leave(): void {
    if (this.#waiting.size > 0 && !this.#run.hasFailed && !this.#client.closed) this.tellOfMissing('before we leave');
    this.#hasLeft = true;
  }

  tellOfMissing(when: string): void {
    const first = this.#waiting.entries().next().value as [number, Check];
    const view = this.#client.view.streams.get(first[0]);
    const seen = `${this.#waiting.size} wait, the first: stream ${first[0]}, of it ${view?.data.length ?? 0} bytes came`;
    this.#run.fail(`no answer ${when}`, `${seen}; GOAWAY ${JSON.stringify(this.#client.view.goaways)}`, first[1]);
    this.#waiting.clear();
  }

  get #lastTaken(): number {
    return this.#client.view.goaways.at(-1)?.last ?? windowMax;
  }

  #look(): void {
    const { view, fault } = this.#client;
    if (this.#hasLeft || this.#run.hasFailed) return;
    if (fault !== undefined) this.#run.fail('bytes that make no sense', fault.message);
    this.isGreeted ||= view.windowUpdates.length > 0;
    for (const { stream, increment } of view.windowUpdates.splice(0)) {
      if (stream === 0) this.#mayBeSent += increment;
    }
    const [bad] = view.goaways.filter(({ code }) => code !== 0);
    if (bad !== undefined) this.#run.fail('the connection was ended', `error ${bad.code}`);
    for (const [id, seen] of view.streams) this.#lookAt(id, seen);
    if (view.window <= 0) this.#wire.widen(0, this.#dice.pick([1, 5000, 65_535]) - view.window);
    for (const stream of this.#waiting.keys()) {
      if (stream > this.#lastTaken) {
        this.#waiting.delete(stream);
        this.#run.counts.untaken += 1;
      }
    }
  }

  #lookAt(id: number, seen: StreamView): void {
    const { view } = this.#client;
    const check = this.#waiting.get(id) ?? this.#cancelled.get(id);
    if (check === undefined) {
      const isSaid = seen.blocks.length > 0 || seen.data.length > 0 || seen.resetCode !== undefined;
      const why = this.#unended.has(id) ? 'an answer to half a check' : 'an answer that nobody waits for';
      if (isSaid) this.#run.fail(why, `stream ${id}`);
      return;
    }
    if (seen.resetCode !== undefined) this.#run.fail('a stream was reset', `error ${seen.resetCode}`, check);
    if (seen.ended) {
      const isCancelled = !this.#waiting.delete(id);
      // Of one that was cancelled, what came stays: more would be too much.
      if (isCancelled) this.#cancelled.delete(id);
      view.streams.delete(id);
      this.answered += isCancelled ? 0 : 1;
      this.#run.judge(check, seen, isCancelled);
    } else if (seen.window <= 0 && this.#waiting.has(id)) {
      this.#wire.widen(id, this.#dice.between(1, 1200) - seen.window);
    }
  }

  /** The connection has closed. Without a word, it was closed before anybody had it: a server that goes frees its address with what waits there. */
  #ended(): void {
    this.#look();
    if (this.#hasLeft || this.#run.hasFailed) return;
    const isTaken = this.isGreeted || this.#client.view.acknowledged > 0;
    if (isTaken && this.#waiting.size > 0) this.tellOfMissing('and the connection is closed');
    this.#run.counts.untaken += this.#waiting.size;
    this.#waiting.clear();
  }
}
