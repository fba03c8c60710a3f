import { bench, boxplot, do_not_optimize, group, run, summary } from 'mitata';
import { readCheckCall } from '../../src/check/check-call.ts';
import { createCheckHandler } from '../../src/check/check-handler.ts';
import { extractCredentials } from '../../src/credentials/extract-credentials.ts';
import { scanBody } from '../../src/credentials/scan-body.ts';
import { decide } from '../../src/decision/decide.ts';
import { digestOf } from '../../src/keys/digest.ts';
import { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import { testNow } from '../../test/support/site.ts';
import { decodeCheckRequest, encodeCheckResponse } from '../data/wire.ts';
import { checkRequest, grownSnapshot, knownDigests, knownKeys, largeBody, smallBody } from './samples.ts';

/**
 * What each part of a check takes by itself. A part that is measured here is one function that others export, so that
 * its file can be written anew without this one.
 */
const bodyBytesMax = 5 * 1024 * 1024;
const snapshot = grownSnapshot();
const cell = new SnapshotCell();
cell.publish(snapshot, 0);
const handle = createCheckHandler({
  cell,
  bodyBytesMax,
  keepCredentials: false,
  now: () => testNow,
  ticks: () => 0,
  observer: {
    decided: () => undefined,
    failed: cause => {
      throw cause;
    },
  },
});
const small = checkRequest(smallBody);
const large = checkRequest(largeBody);
const [smallBytes, largeBytes] = [Buffer.from(smallBody), Buffer.from(largeBody)];
const decoded = decodeCheckRequest(small);
const credentials = extractCredentials(readCheckCall(decoded), bodyBytesMax);
const published = cell.read();
const answered = handle({ request: decodeCheckRequest(small), receivedAt: performance.now() });
if (answered.decision.outcome !== 'allow') {
  throw new Error(`the sample call must be allowed: ${answered.decision.reason}`);
}

/** Another one each time, so that no cache of the processor holds what is looked up. */
function everyOne<T>(all: readonly T[]): () => T {
  let at = 0;
  return () => all[(at++ * 7919) % all.length] as T;
}

group('parts of a check', () => {
  summary(() => {
    bench('decode a request', () => do_not_optimize(decodeCheckRequest(small)));
    bench('headers and credentials', () => do_not_optimize(extractCredentials(readCheckCall(decoded), bodyBytesMax)));
    bench('decide', () => do_not_optimize(decide({ credentials, published, now: testNow, ticks: 0 })));
    bench('encode an allowed answer', () => do_not_optimize(encodeCheckResponse(answered.response)));
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

function wholeCheck(message: Buffer): Buffer {
  const { response } = handle({ request: decodeCheckRequest(message), receivedAt: performance.now() });
  return encodeCheckResponse(response);
}

await run({ colors: process.stdout.isTTY === true });
