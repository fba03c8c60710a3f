import { expect } from 'chai';
import { scanBody } from '../../../src/credentials/scan-body.ts';
import { expectTimesLonger } from '../../support/times-longer.ts';
import { AK } from './request-with.ts';

const KIB = 1024;

/**
 * Bytes on the heap and beside it after the work, less those before. Nothing else runs in between; only a collection of
 * garbage can make it less, so the most of a few rounds counts.
 */
function memoryOf(work: () => void): number {
  const held = () => {
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };
  const rounds = Array.from({ length: 5 }, () => {
    const before = held();
    work();
    return held() - before;
  });
  return Math.max(...rounds);
}

/** Each text as head, a piece repeated to the wanted size, and tail. */
const HOSTILE: [string, string, string, string][] = [
  ['brackets at the top', '', '[', ''],
  ['brackets in a member', '{"a":', '[', ''],
  ['braces', '{"a":', '{"a":', ''],
  ['balanced nesting', '{"a":[', '[]', ''],
  ['quotes at the top', '', '"', ''],
  ['quotes in an object', '{', '"', ''],
  ['empty strings in an array', '{"a":[', '"",', ''],
  ['backslashes in a string', '{"a":"', '\\', ''],
  ['backslashes in the key', '{"accessKey":"', '\\', '"}'],
  ['escaped quotes', '{"a":"', '\\"', '"}'],
  ['far escaped quotes', '{"a":"', `${'x'.repeat(64)}\\"`, '"}'],
  ['long runs of backslashes before quotes', '{"a":["', `${'\\'.repeat(99)}"`, '"]}'],
  ['whitespace', '{', ' ', '}'],
  ['digits', '{"a":', '1', '}'],
  ['equal duplicates', '{', '"accessKey":"K",', '"a":1}'],
  ['escaped duplicates', '{', '"\\u0061ccessKey":"\\u004b",', '"a":1}'],
  ['fold-equal members', '{', '"AccessKey":"K",', '"a":1}'],
  ['names that almost match', '{', '"accessKez":0,', '"a":1}'],
  ['a long key', '{"accessKey":"', 'k', '"}'],
  ['a key of escapes', '{"accessKey":"', '\\u006b', '"}'],
  ['a long name', '{"', 'accessKey', '":1}'],
];

describe('T8 hostile JSON', () => {
  for (const [what, head, piece, tail] of HOSTILE) {
    it(`is scanned in linear time: ${what}`, () => {
      const sized = (bytes: number) => Buffer.from(head + piece.repeat(bytes / piece.length) + tail);
      const [small, large] = [sized(256 * KIB), sized(1024 * KIB)];
      // Four times the text: linear takes 4 times as long, quadratic 16 times.
      expectTimesLonger(
        { below: 10 },
        () => scanBody(large),
        () => scanBody(small),
      );
    });
  }

  for (const [what, head] of [
    ['at the top', ''],
    ['in a member', '{"a":'],
  ] as const) {
    it(`is scanned in linear time: 4 MiB of open brackets ${what} beside 1 MiB`, () => {
      const sized = (mebibytes: number) => Buffer.from(head + '['.repeat(mebibytes * 1024 * KIB));
      const [one, four] = [sized(1), sized(4)];
      // Linear takes 4 times as long, quadratic 16 times; between 2 and 4 a busy machine could not tell.
      expectTimesLonger(
        { below: 10 },
        () => scanBody(four),
        () => scanBody(one),
      );
    });

    it(`takes at most three times as long for 1 MiB of open brackets ${what} as for 1 MiB of spaces`, () => {
      const [brackets, spaces] = ['[', ' '].map(piece => Buffer.from(head + piece.repeat(1024 * KIB)));
      expectTimesLonger(
        { below: 3 },
        () => scanBody(brackets as Buffer),
        () => scanBody(spaces as Buffer),
      );
    });

    it(`takes less than 4 MiB of memory for 1 MiB of open brackets ${what}`, () => {
      const body = Buffer.from(head + '['.repeat(1024 * KIB));
      expect(memoryOf(() => scanBody(body))).to.be.below(4 * 1024 * KIB);
    });
  }

  it('holds no key where it is 1 MiB of open brackets or braces', () => {
    for (const text of ['['.repeat(1024 * KIB), `{"a":${'['.repeat(1024 * KIB)}`, '{"a":'.repeat(200 * KIB)]) {
      const { accessKey, conflict, whole } = scanBody(Buffer.from(text));
      expect({ accessKey, conflict, whole }).to.deep.equal({ accessKey: undefined, conflict: false, whole: false });
    }
  });

  it('still finds the key after half a million nested arrays', () => {
    const deep = '['.repeat(512 * KIB) + ']'.repeat(512 * KIB);
    const { accessKey, whole } = scanBody(Buffer.from(`{"a":${deep},"accessKey":"${AK}"}`));
    expect({ accessKey, whole }).to.deep.equal({ accessKey: AK, whole: true });
  });

  it('is not disturbed by names that objects treat as special', () => {
    const body = `{"__proto__":{"accessKey":"x"},"constructor":1,"toString":null,"accessKey":"${AK}"}`;
    expect(scanBody(Buffer.from(body)).accessKey).to.equal(AK);
  });
});
