import { bench, boxplot, do_not_optimize, group, run, summary } from 'mitata';
import { AnswerEncoder } from '../../src/check/answer/answer-encoder.ts';
import { createCheckAnswerer } from '../../src/check/create-check-answerer.ts';
import { ByteWriter } from '../../src/check/wire/byte-writer.ts';
import { CheckRequestView } from '../../src/check/wire/check-request-view.ts';
import { extractCredentials } from '../../src/credentials/extract-credentials.ts';
import { scanBody } from '../../src/credentials/scan-body.ts';
import { decide } from '../../src/decision/decide.ts';
import { digestOf } from '../../src/keys/digest.ts';
import { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import { testNow } from '../../test/support/site.ts';
import { addCosts } from './costs.ts';
import { checkRequest, grownSnapshot, knownDigests, knownKeys, largeBody, smallBody } from './samples.ts';

/**
 * What each part of a check takes by itself. A part that is measured here is one function that others export, so that
 * its file can be written anew without this one.
 */
const bodyBytesMax = 5 * 1024 * 1024;
const snapshot = grownSnapshot();
const cell = new SnapshotCell();
cell.publish(snapshot, 0);
const answerer = createCheckAnswerer({
  cell,
  bodyBytesMax,
  keepCredentials: false,
  unreadyAnswer: 'deny',
  now: () => testNow,
  ticks: () => 0,
  observer: {
    decided: () => undefined,
    sent: () => undefined,
    failed: (cause: unknown) => {
      throw cause;
    },
  },
});
const small = checkRequest(smallBody);
const large = checkRequest(largeBody);
const [smallBytes, largeBytes] = [Buffer.from(smallBody), Buffer.from(largeBody)];
const view = new CheckRequestView();
view.read(small, 0, small.length);
const credentials = extractCredentials(view, bodyBytesMax);
const published = cell.read();
const allow = decide({ credentials, published, now: testNow, ticks: 0 });
if (allow.outcome !== 'allow') {
  throw new Error(`the sample call must be allowed: ${allow.reason}`);
}
const encoder = new AnswerEncoder();
const toRemove = {
  credentialHeaders: ['authorization', 'x-api-key'] as const,
  accessKeyInQuery: false,
  headersWithOwnKeys: [],
  parametersWithOwnKeys: [],
};
const out = new ByteWriter(4096);

/** Another one each time, so that no cache of the processor holds what is looked up. */
function everyOne<T>(all: readonly T[]): () => T {
  let at = 0;
  return () => all[(at++ * 7919) % all.length] as T;
}

group('parts of a check', () => {
  summary(() => {
    bench('read a request', () => do_not_optimize(view.read(small, 0, small.length)));
    bench('headers and credentials', () => do_not_optimize(extractCredentials(view, bodyBytesMax)));
    bench('decide', () => do_not_optimize(decide({ credentials, published, now: testNow, ticks: 0 })));
    bench('encode an allowed answer', () => {
      out.at = 0;
      encoder.writeAllow(allow, toRemove, out);
      do_not_optimize(out.at);
    });
  });
});

group('scan of a body', () => {
  bench('250 B', () => do_not_optimize(scanBody(smallBytes)));
  bench('64 KiB', () => do_not_optimize(scanBody(largeBytes)));
});

const [aKey, aDigest] = [everyOne(knownKeys), everyOne(knownDigests)];
group(`lookup among ${knownKeys.length.toLocaleString('en')} keys`, () => {
  bench('digest of a key', () => do_not_optimize(digestOf(aKey())));
  bench('key by its digest', () => do_not_optimize(snapshot.apiKey(aDigest())));
});

group('a whole check, without its transport', () => {
  boxplot(() => {
    bench('250 B', () => do_not_optimize(wholeCheck(small)));
    bench('64 KiB', () => do_not_optimize(wholeCheck(large)));
  });
});

addCosts();

function wholeCheck(message: Buffer): number {
  out.at = 0;
  answerer.begin();
  answerer.answer(message, 0, message.length, out);
  return out.at;
}

await run({ colors: process.stdout.isTTY === true });
