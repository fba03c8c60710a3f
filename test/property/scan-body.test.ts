import { expect } from 'chai';
import fc from 'fast-check';
import { type BodyScan, scanBody } from '../../src/credentials/scan-body.ts';
import { runs } from '../support/runs.ts';
import { fraction, jsonBody, mutatedBody } from './json-bodies.ts';
import { topLevelMembers } from './top-level-members.ts';

/** Simple case folding, as the engine's own regular expressions do it. */
const FOLDS_TO_NAME = /^accesskey$/iu;
const ASCII_SPACE_AROUND = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;
const STRING_MEMBER = /("(?:[^"\\]|\\.)*")[ \t\n\r]*:[ \t\n\r]*("(?:[^"\\]|\\.)*")/sy;

/** What a scan of a text that `JSON.parse` accepts must find; undefined where it refuses the text. */
function expectedScan(text: string): BodyScan | undefined {
  const members = topLevelMembers(text);
  if (members === undefined) return undefined;
  const valuesOf = (isWanted: (name: string) => boolean) =>
    members.filter(({ name }) => isWanted(name)).map(({ value }) => trimmed(value));
  const keys = new Set(valuesOf(name => name === 'accessKey'));
  const folded = new Set(valuesOf(name => name !== 'accessKey' && FOLDS_TO_NAME.test(name)));
  const [key] = keys;
  const [onlyFolded] = folded;
  return {
    accessKey: key ?? undefined,
    conflict: keys.size > 1,
    notAString: keys.has(null),
    folded: folded.size > 1 ? null : onlyFolded,
    whole: text.replace(/^[ \t\n\r]+/, '').startsWith('{'),
  };
}

function trimmed(value: unknown): string | null {
  return typeof value === 'string' ? value.replace(ASCII_SPACE_AROUND, '') : null;
}

/** Every value that stands in the text as a string after a name that reads `accessKey`, at whatever place. */
function readableKeys(text: string): Set<string | null> {
  const keys = new Set<string | null>();
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    STRING_MEMBER.lastIndex = at;
    const [, name = '', value = ''] = STRING_MEMBER.exec(text) ?? [];
    if (parsed(name) === 'accessKey') keys.add(trimmed(parsed(value)));
  }
  return keys;
}

function parsed(literal: string): unknown {
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}

function checkScan(body: Buffer): void {
  const text = body.toString('utf8');
  const scan = scanBody(body);
  const expected = expectedScan(text);
  if (expected === undefined) {
    if (scan.accessKey !== undefined) expect(readableKeys(text)).to.include(scan.accessKey);
  } else if (expected.conflict) {
    expect(scan.conflict).to.equal(true);
  } else {
    expect(scan).to.deep.equal(expected);
  }
}

describe('B5 scanBody and JSON.parse', () => {
  it('find the same key in every JSON text', () => {
    fc.assert(fc.property(jsonBody, checkScan), { numRuns: runs(4000) });
  });

  it('agree with JSON.parse alone where no member stands twice', () => {
    const property = fc.property(jsonBody, body => {
      const scan = scanBody(body);
      fc.pre(scan.whole && !scan.conflict);
      const value: unknown = JSON.parse(body.toString('utf8')).accessKey;
      expect(scan.accessKey ?? null).to.equal(trimmed(value));
    });
    fc.assert(property, { numRuns: runs(2000) });
  });

  it('agree on mutated texts that JSON.parse still accepts, and on others the key found really stands there', () => {
    fc.assert(fc.property(mutatedBody, checkScan), { numRuns: runs(6000) });
  });

  it('never disagree on bytes that are no text at all', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
        checkScan,
      ),
      { numRuns: runs(1000) },
    );
  });

  it('answer a prefix of a text with what the text says, or less', () => {
    const property = fc.property(jsonBody, fraction, (body, kept) => {
      const whole = scanBody(body);
      const prefix = scanBody(body.subarray(0, Math.round(kept * body.length)));
      if (prefix.conflict) expect(whole.conflict).to.equal(true);
      if (prefix.notAString && !whole.conflict) expect(whole.notAString).to.equal(true);
      if (prefix.accessKey !== undefined && !whole.conflict) expect(whole.accessKey).to.equal(prefix.accessKey);
    });
    fc.assert(property, { numRuns: runs(2000) });
  });
});
