import { expect } from 'chai';
import fc from 'fast-check';
import { scanBody } from '../../src/credentials/scan-body.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { checkScan } from './check-scan.ts';
import { fraction, jsonBody, longBody, mutatedBody } from './json-bodies.ts';
import { plainScan, trimmed } from './plain-scan.ts';

const noText = fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes));

describe('B5 T7 T8 scanBody and JSON.parse', () => {
  it('find the same key in every JSON text, duplicates tracked', () => {
    checkProperty(fc.property(jsonBody, checkScan), 10_000);
  }).timeout(propertyTimeoutMs);

  it('agree with JSON.parse alone where no member stands twice', () => {
    const property = fc.property(jsonBody, body => {
      const scan = scanBody(body);
      fc.pre(scan.whole && !scan.conflict);
      const value: unknown = JSON.parse(body.toString('utf8')).accessKey;
      expect(scan.accessKey ?? null).to.equal(trimmed(value));
    });
    checkProperty(property, 2000);
  }).timeout(propertyTimeoutMs);

  it('agree on mutated texts that JSON.parse still accepts, and on others the key found really stands there', () => {
    checkProperty(fc.property(mutatedBody, checkScan), 10_000);
  }).timeout(propertyTimeoutMs);

  it('agree on long texts, wherever escapes, quotes and brackets fall', () => {
    checkProperty(fc.property(longBody, checkScan), 3000);
  }).timeout(propertyTimeoutMs);

  it('never disagree on bytes that are no text at all', () => {
    checkProperty(fc.property(noText, checkScan), 1000);
  }).timeout(propertyTimeoutMs);

  it('answer a prefix of a text with what the text says, or less', () => {
    const property = fc.property(jsonBody, fraction, (body, kept) => {
      const whole = plainScan(body.toString('utf8'));
      const prefix = scanBody(body.subarray(0, Math.round(kept * body.length)));
      if (prefix.conflict) expect(whole?.conflict).to.equal(true);
      if (prefix.notAString) expect(whole?.notAString).to.equal(true);
      if (prefix.accessKey !== undefined && !whole?.conflict) expect(whole?.accessKey).to.equal(prefix.accessKey);
    });
    checkProperty(property, 2000);
  }).timeout(propertyTimeoutMs);
});
