import { expect } from 'chai';
import { SignInThrottle } from '../../../src/admin/sign-in/sign-in-throttle.ts';

describe('T54 throttle of sign-ins', () => {
  it('keeps users apart whose names look like addresses of one network', () => {
    const throttle = new SignInThrottle();
    const waits = Array.from({ length: 200 }, () => throttle.waitOfAccount('1::1'));
    expect(Math.max(...waits)).to.be.greaterThan(0);
    expect(throttle.waitOfAccount('1::2')).to.equal(0);
  });
});
