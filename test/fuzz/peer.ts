import { setTimeout as sleep } from 'node:timers/promises';
import { code, data, frame, headers, kind, message, none, reset, setting } from '../support/http2/frame-bytes.ts';
import { FrameClient } from '../support/http2/frame-client.ts';
import type { Dice } from './dice.ts';
import { FrameWire } from './frame-wire.ts';
import { PeerAnswers } from './peer-answers.ts';
import { checkFrames, filler, missingForRead, paddingWithin, RequestBlocks, woven } from './request-frames.ts';
import type { CheckPlace, Run } from './run.ts';

/** How a connection behaves as long as it lives. */
interface Manner {
  /** Bytes that an answer may have before we say more; undefined: the protocol's own. */
  readonly window: number | undefined;
  /** The connection's window is opened for good at first. */
  readonly isWide: boolean;
  /** Asks for nothing as long as this many turns. */
  readonly silentTurns: number;
  /** Goes on when the server asks it to go elsewhere, until it is told which of its calls are not taken. */
  readonly isStubborn: boolean;
  readonly waitingMax: number;
  readonly turns: number;
  readonly readsLate: boolean;
}

/** An answer that takes longer is none: far above what a busy machine needs. */
const patienceMs = 60_000;
const looksMs = 1000;
const manyWaiting = 100;
/** Control frames that may be sent beyond what answers bring, of the burst that a connection has. */
const controlFramesMax = 300;

/** One connection: sends checks in every form, and never two alike. */
export class Peer {
  readonly #client: FrameClient;
  readonly #wire: FrameWire;
  readonly #answers: PeerAnswers;
  readonly #run: Run;
  readonly #dice: Dice;
  readonly #manner: Manner;
  readonly #blocks = new RequestBlocks();
  #stream = -1;
  #controlFrames = 0;

  private constructor(client: FrameClient, run: Run, dice: Dice, manner: Manner) {
    this.#client = client;
    this.#run = run;
    this.#dice = dice;
    this.#manner = manner;
    this.#wire = new FrameWire(client);
    this.#answers = new PeerAnswers({ client, wire: this.#wire, run, dice });
  }

  /** Opens a connection and uses it up; resolves when all that it asked is answered. */
  static async live(run: Run, dice: Dice): Promise<void> {
    const manner = anyManner(dice);
    const client = await open(run.place, manner.window);
    const peer = new Peer(client, run, dice, manner);
    if (manner.isWide) peer.#wire.widen(0, 2 ** 30);
    const isHeard = () => client.view.windowUpdates.length > 0 || peer.#answers.isGreeted;
    while (!client.closed && !isHeard()) await client.news();
    try {
      for (let turn = 0; turn < manner.turns && peer.#mayGoOn(); turn += 1) {
        await peer.#turn(turn < manner.silentTurns);
        await peer.#breathe(manner.waitingMax);
      }
      await peer.#breathe(0);
    } finally {
      peer.#answers.leave();
      client.close();
    }
  }

  #mayGoOn(): boolean {
    const isAsked = this.#answers.isAskedToLeave;
    return (
      !this.#client.closed && !this.#run.isOver && (!isAsked || (this.#manner.isStubborn && !this.#answers.isTold))
    );
  }

  /** Until no more than so many checks wait for their answers. */
  async #breathe(waiting: number): Promise<void> {
    if (this.#answers.waiting > waiting) this.#wire.flush();
    let last = this.#answers.answered;
    let heardAt = performance.now();
    while (this.#answers.waiting > waiting && !this.#client.closed && !this.#run.hasFailed) {
      await Promise.race([this.#client.news(), sleep(looksMs, undefined, { ref: false })]);
      if (this.#answers.answered !== last) [last, heardAt] = [this.#answers.answered, performance.now()];
      if (performance.now() - heardAt > patienceMs) this.#answers.tellOfMissing(`in ${patienceMs} ms`);
    }
  }

  async #turn(isSilent: boolean): Promise<void> {
    const dice = this.#dice;
    const { isReplacing } = this.#run;
    if (this.#manner.readsLate && dice.chance(isReplacing ? 0.3 : 0.02)) {
      this.#readLater(dice.between(10, isReplacing ? 2500 : 600));
    }
    const what = isSilent ? dice.pick([5, 6, 7, 8, 9]) : dice.below(10);
    if (what < 5) await this.#volley(dice.between(1, what < 3 ? 40 : 12), what >= 3);
    else if (what === 5) this.#cancel();
    else if (what === 6) this.#begin();
    else if (what === 7 && this.#mayControl(1)) this.#ask();
    else if (what === 8) this.#fill();
    else if (this.#mayControl(1)) this.#wire.send(frame(kind.ping, 0, 0, Buffer.alloc(8, dice.below(256))));
    // Changes get through between checks, not behind them.
    if (this.#run.isAhead) await sleep(dice.below(30));
    else if (dice.chance(0.1)) await sleep(dice.below(5));
  }

  /** Checks in one write, or in some; with `isExact` they end where a read ends, or a byte before or behind. */
  async #volley(count: number, isExact: boolean): Promise<void> {
    const dice = this.#dice;
    const checks = Array.from({ length: count }, () => this.#check(0));
    let parts: Buffer[] = [];
    if (isExact) {
      const length = lengthOf(checks.flatMap(({ head, data: body }) => [head, ...body])) + this.#wire.heldBytes;
      const room = missingForRead(length + 400, dice);
      const padding = paddingWithin(room);
      if (padding > 0 && this.#answers.mayUpload(padding + 1000)) checks.push(this.#check(padding));
      parts = woven(checks, dice);
      const frames = filler(missingForRead(lengthOf(parts) + this.#wire.heldBytes, dice));
      if (this.#mayControl(frames.length)) {
        for (const each of frames) parts.splice(dice.pick([0, parts.length]), 0, each);
      }
    } else {
      parts = woven(checks, dice);
    }
    await this.#sendInPieces(Buffer.concat(parts));
  }

  #check(padding: number) {
    this.#stream += 2;
    const { bytes, of } = this.#run.nextCheck(this.#dice, padding);
    this.#answers.expect(this.#stream, of);
    const frames = checkFrames(this.#stream, this.#blocks.next(this.#dice), bytes, this.#dice);
    this.#answers.upload(lengthOf(frames.data));
    return frames;
  }

  async #sendInPieces(bytes: Buffer): Promise<void> {
    const dice = this.#dice;
    if (dice.chance(0.75)) {
      this.#wire.send(bytes);
      return;
    }
    const cut = dice.below(bytes.length);
    this.#wire.send(bytes.subarray(0, cut));
    this.#wire.hold(bytes.subarray(cut));
    if (dice.chance(0.3)) return;
    await sleep(dice.below(4));
    this.#wire.flush();
  }

  /** A check that is taken back before, with or behind its end. */
  #cancel(): void {
    const dice = this.#dice;
    const older = this.#answers.anyWaiting(dice);
    if (older !== undefined && dice.chance(0.4)) {
      this.#answers.cancel(older);
      this.#wire.send(reset(older, code.cancel));
      return;
    }
    const { head, data: body } = this.#check(0);
    const parts = [head, ...body];
    const sent = parts.slice(0, dice.between(1, parts.length));
    if (sent.length < parts.length) this.#answers.neverAnswered(this.#stream);
    else this.#answers.cancel(this.#stream);
    this.#wire.send(...sent, reset(this.#stream, code.cancel));
  }

  /** A large body that is begun and given up. */
  #begin(): void {
    this.#stream += 2;
    this.#answers.neverAnswered(this.#stream);
    const body = data(this.#stream, message(none, 60_000).subarray(0, this.#dice.between(1, 5)), 0);
    this.#answers.upload(body.length);
    this.#wire.send(headers(this.#stream, this.#blocks.next(this.#dice)), body, reset(this.#stream, code.cancel));
  }

  /** Another table for headers, another window. */
  #ask(): void {
    const dice = this.#dice;
    const table = [setting.tableBytes, dice.pick([0, 0, 31, 60, 64, 100, 4096, 65_536])] as const;
    const small = this.#manner.waitingMax > manyWaiting ? [] : [0, 1, 9, 400];
    const window = [setting.initialWindow, dice.pick([...small, 65_535, 1 << 20])] as const;
    this.#wire.ask(...(dice.chance(0.6) ? [table] : dice.chance(0.5) ? [window] : [table, window]));
  }

  #fill(): void {
    const frames = filler(missingForRead(this.#wire.heldBytes, this.#dice));
    if (this.#mayControl(frames.length)) this.#wire.send(...frames);
  }

  #mayControl(frames: number): boolean {
    if (this.#controlFrames + frames > controlFramesMax + this.#answers.answered) return false;
    this.#controlFrames += frames;
    return true;
  }

  #readLater(ms: number): void {
    const { socket } = this.#client;
    socket.pause();
    setTimeout(() => socket.resume(), ms);
  }
}

function open({ at, ca }: CheckPlace, window: number | undefined): Promise<FrameClient> {
  const asks = window === undefined ? [] : [[setting.initialWindow, window] as const];
  return ca === undefined ? FrameClient.open(at, asks) : FrameClient.openTls(Number(at), ca, asks);
}

function anyManner(dice: Dice): Manner {
  const window = dice.pick([undefined, undefined, undefined, 0, 1, 50, 600, 1 << 20]);
  return {
    window,
    isWide: dice.chance(0.5),
    silentTurns: dice.chance(0.15) ? dice.between(20, 200) : 0,
    isStubborn: dice.chance(0.3),
    // Each answer in a small window takes a frame of ours, and a thousand at once are too many (T16).
    waitingMax: dice.pick(window === undefined ? [0, 20, manyWaiting, 1000] : [0, 20, manyWaiting]),
    turns: dice.between(5, 400),
    readsLate: dice.chance(0.3),
  };
}

function lengthOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
