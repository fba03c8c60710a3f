import { expect } from 'chai';
import fc from 'fast-check';
import { BentMachine, hourMs, yearMs } from '../support/bent-clock.ts';
import { runs } from '../support/runs.ts';

describe('T41 the clock', () => {
  for (const [name, jump] of [
    ['an hour', hourMs],
    ['ten years', 10 * yearMs],
  ] as const) {
    it(`goes on from the latest time where the machine is set back by ${name}`, () => {
      const machine = new BentMachine();
      const clock = machine.clock();
      const before = clock.now();
      machine.set(-jump);
      expect(clock.now()).to.equal(before);
      machine.pass(5000);
      expect(clock.now()).to.equal(before + 5000);
      expect(clock.behindMs()).to.equal(jump);
    });

    it(`follows the machine forward by ${name} at once, and not back again`, () => {
      const machine = new BentMachine();
      const clock = machine.clock();
      machine.set(jump);
      const ahead = clock.now();
      machine.set(-jump);
      expect([ahead, clock.now()]).to.deep.equal([machine.truth() + jump, machine.truth() + jump]);
      expect(clock.accept()).to.equal(machine.truth());
      expect([clock.now(), clock.behindMs()]).to.deep.equal([machine.truth(), 0]);
    });
  }

  it('stands still over a small correction until the machine has caught up, so that corrections do not add up', () => {
    const machine = new BentMachine();
    const clock = machine.clock();
    const before = clock.now();
    machine.set(-30_000);
    machine.pass(20_000);
    expect(clock.now()).to.equal(before);
    machine.pass(20_000);
    expect(clock.now()).to.equal(before + 10_000);
    expect(clock.behindMs()).to.equal(0);
  });

  it('begins where the time that was kept says, whatever the machine says; a time that is none is ignored', () => {
    const machine = new BentMachine();
    const kept = machine.truth() + hourMs;
    const clock = machine.clock();
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -1, kept, kept - 1]) {
      clock.notBefore(at);
    }
    expect(clock.now()).to.equal(kept);
  });

  it('never runs back, and never falls behind a right clock that it has once seen, over any jumps and restarts', () => {
    const event = fc.oneof(
      fc.record({ set: fc.integer({ min: -10 * yearMs, max: 10 * yearMs }) }),
      fc.record({ pass: fc.integer({ min: 0, max: 90_000 }) }),
      fc.constant({ restart: true }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), events => {
        const machine = new BentMachine();
        let clock = machine.clock();
        let last = clock.now();
        for (const each of events) {
          machine.set('set' in each ? each.set : 0);
          machine.pass('pass' in each ? each.pass : 0);
          if ('restart' in each) {
            clock = machine.clock();
            clock.notBefore(last);
          }
          const now = clock.now();
          expect(now).to.be.at.least(last);
          expect(now).to.be.at.least(machine.wall());
          last = now;
        }
      }),
      { numRuns: runs(500) },
    );
  });
});
