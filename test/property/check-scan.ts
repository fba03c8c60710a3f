import { expect } from 'chai';
import { scanBody } from '../../src/credentials/scan-body.ts';
import { plainScan, readableKeys } from './plain-scan.ts';

/** B5: what `JSON.parse` would find where it accepts the text; else a key that can be read in it, or none. */
export function checkScan(body: Buffer): void {
  const text = body.toString('utf8').replace(/^\ufeff/, '');
  const scan = scanBody(body);
  const expected = plainScan(text);
  if (expected === undefined) {
    if (scan.accessKey !== undefined) expect(readableKeys(text)).to.include(scan.accessKey);
  } else if (expected.conflict) {
    expect(scan.conflict).to.equal(true);
  } else {
    expect(scan).to.deep.equal(expected);
  }
}
