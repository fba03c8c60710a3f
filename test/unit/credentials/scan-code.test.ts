import { expect } from 'chai';
import { assembledScanCode, readScanCode } from '../../support/scan-code.ts';

describe('scan-code.ts', () => {
  it('is what scan-value.wat says', async () => {
    expect(readScanCode()).to.equal(await assembledScanCode());
  });
});
