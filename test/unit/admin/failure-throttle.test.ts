import { expect } from 'chai';
import { FailureThrottle } from '../../../src/admin/sign-in/failure-throttle.ts';

describe('T22 the throttle of failures', () => {
  let now = 0;
  const throttle = (sourcesMax = 100) => new FailureThrottle({ burst: 3, perSecond: 0.5, sourcesMax, now: () => now });
  const fail = (at: FailureThrottle, address: string, times: number) => {
    for (let n = 0; n < times; n += 1) at.failed(address);
  };
  beforeEach(() => {
    now = 0;
  });

  it('lets a source fail as often as the burst says, and then tells how long to wait', () => {
    const at = throttle();
    fail(at, '10.0.0.1', 2);
    expect(at.waitSeconds('10.0.0.1')).to.equal(0);
    fail(at, '10.0.0.1', 1);
    expect(at.waitSeconds('10.0.0.1')).to.equal(2);
    expect(at.waitSeconds('10.0.0.2')).to.equal(0);
  });

  it('forgets with time, so that nobody is locked out for good', () => {
    const at = throttle();
    fail(at, '10.0.0.1', 3);
    now = 1999;
    expect(at.waitSeconds('10.0.0.1')).to.equal(1);
    now = 2000;
    expect(at.waitSeconds('10.0.0.1')).to.equal(0);
    fail(at, '10.0.0.1', 1);
    expect(at.waitSeconds('10.0.0.1')).to.equal(2);
    now = 3_600_000;
    fail(at, '10.0.0.1', 2);
    expect(at.waitSeconds('10.0.0.1')).to.equal(0);
  });

  it('lets nobody wait longer for many failures that came at once', () => {
    const at = throttle();
    fail(at, '10.0.0.1', 1000);
    expect(at.waitSeconds('10.0.0.1')).to.equal(2);
  });

  it('takes the addresses of one IPv6 /64 for one source, and an IPv4 address for the same in IPv6 clothes', () => {
    const at = throttle();
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2:ffff::']) at.failed(address);
    expect([at.waitSeconds('2001:db8:1:2::9'), at.waitSeconds('2001:db8:1:3::1')]).to.deep.equal([2, 0]);
    fail(at, '::1', 3);
    expect([at.waitSeconds('::2'), at.waitSeconds('1::')]).to.deep.equal([2, 0]);
    fail(at, '::ffff:10.0.0.1', 3);
    expect([at.waitSeconds('10.0.0.1'), at.waitSeconds('::ffff:10.0.0.2')]).to.deep.equal([2, 0]);
  });

  it('remembers a bounded number of sources, and forgets the one whose failure is oldest', () => {
    const at = throttle(2);
    fail(at, 'a', 3);
    fail(at, 'b', 3);
    at.failed('a');
    at.failed('c');
    expect([at.waitSeconds('a'), at.waitSeconds('b'), at.waitSeconds('c')]).to.deep.equal([2, 0, 0]);
  });
});
