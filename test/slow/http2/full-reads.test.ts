import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { requestFor } from '../../support/http2/derived-answers.ts';
import { expectAnswer } from '../../support/http2/expect-answer.ts';
import { data, frame, headers, message, none, reset, windowUpdate } from '../../support/http2/frame-bytes.ts';
import { FrameClient } from '../../support/http2/frame-client.ts';
import { LeanProcess } from '../../support/http2/lean-process.ts';
import { runSeed, seeded } from '../../support/seeded.ts';

/** As much as Node.js reads from a socket at once. */
const readBytes = 65_536;
const rounds = 10_000;
const frameBytesMax = 16_384;
/** An answer that takes longer is none. */
const patienceMs = 20_000;

/** A check whose frames have so many bytes in all. */
function checkOf(stream: number, bytes: number): { readonly request: Buffer; readonly frames: Buffer } {
  const head = headers(stream);
  const frameCount = Math.ceil((bytes - head.length) / (frameBytesMax + 9));
  const body = bytes - head.length - 9 * frameCount;
  const request = Buffer.concat([requestFor(stream, 100 + (stream % 300)), Buffer.alloc(body - 5 - 8, stream)]);
  const whole = message(request);
  const parts = Array.from({ length: frameCount }, (_, n) =>
    data(stream, whole.subarray(n * frameBytesMax, (n + 1) * frameBytesMax), n === frameCount - 1 ? 1 : 0),
  );
  return { request, frames: Buffer.concat([head, ...parts]) };
}

/** Turns of a connection that ask for nothing, so that nothing may come to it but what HTTP/2 says of itself. */
class Quiet {
  readonly client: FrameClient;
  #stream = -1;
  #rest: Buffer = none;

  constructor(client: FrameClient) {
    this.client = client;
  }

  turn(choice: number): void {
    const rest = this.#rest;
    this.#rest = none;
    this.client.send(rest, this.#next(choice % 100));
  }

  #next(choice: number): Buffer {
    if (choice < 2) return windowUpdate(0, 1);
    if (choice < 4) return frame(0xfa, 0, 0, Buffer.alloc(choice * 8000));
    this.#stream += 2;
    if (choice < 30) return Buffer.concat([headers(this.#stream), reset(this.#stream)]);
    const begun = Buffer.concat([headers(this.#stream), data(this.#stream, message(none, 60_000), 0)]);
    if (choice < 60) {
      this.#rest = Buffer.concat([begun.subarray(-3), reset(this.#stream)]);
      return begun.subarray(0, -3);
    }
    const large = Array.from({ length: 1 + (choice % 3) }, () => data(this.#stream, Buffer.alloc(frameBytesMax, 7), 0));
    this.#rest = reset(this.#stream);
    return Buffer.concat([begun, ...large]);
  }

  /** Answers that came to it, and why it made no sense if it did not. */
  get foreign(): unknown[] {
    const { fault, view } = this.client;
    const answered = [...view.streams].filter(([, { blocks, data: bytes }]) => blocks.length > 0 || bytes.length > 0);
    return fault === undefined ? answered.map(([id]) => id) : [fault];
  }
}

/** Resolves with the end of a stream's answer; throws where none comes. */
async function answered(client: FrameClient, stream: number, what: string): Promise<void> {
  while (!client.view.streams.get(stream)?.ended) {
    const news = await Promise.race([client.news(), sleep(patienceMs, 'nothing')]);
    if (news === 'nothing' || client.closed) throw client.fault ?? new Error(`${what} got no answer`);
  }
}

describe('T51 lean transport: checks that end with a full read, beside connections that ask for nothing', function () {
  this.timeout(600_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'full-reads-'));
  });
  after(() => rm(folder, { recursive: true }));

  for (const over of ['TCP', 'a Unix socket']) {
    it(`over ${over}: each gets its answer, and nobody else a byte of it, in ${rounds} rounds`, async () => {
      const path = over === 'TCP' ? undefined : join(folder, 'check.sock');
      const server = await LeanProcess.start(path);
      const at = path ?? server.port;
      const random = seeded(runSeed());
      try {
        const asker = await FrameClient.open(at);
        asker.widen(0, 2 ** 30);
        const quiet = await Promise.all(Array.from({ length: 16 }, async () => new Quiet(await FrameClient.open(at))));
        let reopened = 0;
        for (let round = 0; round < rounds; round += 1) {
          const stream = 2 * round + 1;
          const { request, frames } = checkOf(stream, (1 + (round % 3)) * readBytes + (Math.floor(round / 3) % 3) - 1);
          const beside = [1, 2, 16][round % 3] as number;
          const isFirst = random() < 0.5;
          if (isFirst) asker.send(frames);
          for (const one of quiet.slice(0, beside)) one.turn(Math.floor(random() * 100));
          if (!isFirst) asker.send(frames);
          await answered(asker, stream, `round ${round}`);
          expectAnswer(asker.view, stream, request);
          asker.view.streams.delete(stream);
          for (const [n, one] of quiet.entries()) {
            expect(one.foreign, `foreign bytes in round ${round}`).to.deep.equal([]);
            if (one.client.closed) {
              reopened += 1;
              quiet[n] = new Quiet(await FrameClient.open(at));
            }
          }
        }
        const { worked, faults } = await server.report();
        console.log(`      ${worked} answers, ${reopened} quiet connections opened anew`);
        expect([worked, faults]).to.deep.equal([rounds, []]);
      } finally {
        server.end();
      }
    });
  }
});
