import { expect } from 'chai';
import { LiveHistory, liveStepMs } from '../../../src/metrics/live/live-history.ts';
import { quantile } from '../../../src/metrics/live/quantile.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';

const start = Date.UTC(2030, 0, 1);

/** A history whose time goes when a test says so, over the metrics of the product. */
function historyAt() {
  const metrics = createMetrics('test');
  const allowed = metrics.checks.row({ outcome: 'allow', reason: 'authorized' });
  const refused = metrics.checks.row({ outcome: 'deny', reason: 'api_key_invalid' });
  const expired = metrics.checks.row({ outcome: 'deny', reason: 'api_key_expired' });
  const [fast, slow] = ['allow', 'deny'].map(outcome => metrics.checkDuration.row({ outcome })) as [number, number];
  // What was counted before it begins belongs to no step.
  metrics.checks.add(allowed, 1000);
  metrics.checkDuration.add(fast, 1, 1000);
  let now = start;
  let revision = 0;
  let ageSeconds: number | undefined;
  const history = new LiveHistory({ ...metrics, now: () => now, snapshot: () => ({ revision, ageSeconds }) });
  return {
    history,
    count: (allows: number, denials: number, ends: number) => {
      metrics.checks.add(allowed, allows);
      metrics.checks.add(refused, denials);
      metrics.checks.add(expired, ends);
    },
    time: (seconds: number, count: number) => {
      metrics.checkDuration.add(fast, seconds, count);
      metrics.checkDuration.add(slow, seconds, count);
    },
    publish: (next: number, age: number) => {
      [revision, ageSeconds] = [next, age];
    },
    step: (steps = 1) => {
      for (let step = 0; step < steps; step += 1) {
        now += liveStepMs;
        history.look();
      }
    },
  };
}

describe('the history of the metrics of checks', () => {
  it('keeps what was counted in each step, by outcome and reason', () => {
    const { history, count, publish, step } = historyAt();
    step();
    count(5, 2, 1);
    publish(7, 0.25);
    step();
    count(1, 0, 0);
    step();
    const [idle, busy, last] = history.after(0, 5);
    expect(idle).to.deep.equal({
      at: start + liveStepMs,
      outcomes: { allow: 0, deny: 0 },
      denials: {},
      latency: undefined,
      revision: 0,
      ageSeconds: undefined,
    });
    expect(busy).to.deep.include({
      outcomes: { allow: 5, deny: 3 },
      denials: { api_key_invalid: 2, api_key_expired: 1 },
      revision: 7,
      ageSeconds: 0.25,
    });
    expect(last?.outcomes).to.deep.equal({ allow: 1, deny: 0 });
  });

  it('sums twelve steps up to a minute', () => {
    const { history, count, time, step } = historyAt();
    for (let at = 0; at < 24; at += 1) {
      count(10, 1, 0);
      time(at < 12 ? 0.0001 : 0.9, 1);
      step();
    }
    const minutes = history.after(0, 60);
    expect(minutes.map(({ at }) => at)).to.deep.equal([start + 60_000, start + 120_000]);
    expect(minutes.map(({ outcomes }) => outcomes)).to.deep.equal([
      { allow: 120, deny: 12 },
      { allow: 120, deny: 12 },
    ]);
    expect(minutes[0]?.latency?.p999).to.be.at.most(0.0001);
    expect(minutes[1]?.latency?.p50).to.be.above(0.5);
  });

  it('forgets what is older than an hour in steps of 5 seconds, and older than a day in steps of a minute', () => {
    const { history, count, step } = historyAt();
    for (let minute = 0; minute < 25 * 60; minute += 1) {
      count(1, 0, 0);
      step(12);
    }
    const [hour, day] = [history.after(0, 5), history.after(0, 60)];
    const end = start + 25 * 3_600_000;
    expect([hour.length, hour[0]?.at, hour.at(-1)?.at]).to.deep.equal([720, end - 3_600_000 + 5000, end]);
    expect([day.length, day[0]?.at, day.at(-1)?.at]).to.deep.equal([1440, end - 24 * 3_600_000 + 60_000, end]);
    expect(day.reduce((sum, { outcomes }) => sum + (outcomes['allow'] as number), 0)).to.equal(1440);
    expect(history.after(end - 10_000, 5).map(({ at }) => at)).to.deep.equal([end - 5000, end]);
    expect(history.after(end, 60)).to.deep.equal([]);
  });

  it('takes less than 1 MiB with as many reasons as there are, and no more with time', () => {
    const metrics = createMetrics('test');
    for (let reason = 0; reason < 40; reason += 1) metrics.checks.row({ outcome: 'deny', reason: `r${reason}` });
    const snapshot = () => ({ revision: 1, ageSeconds: 0 });
    const history = new LiveHistory({ ...metrics, now: () => 0, snapshot });
    const { bytes } = history;
    for (let look = 0; look < 20_000; look += 1) history.look();
    expect(history.bytes).to.equal(bytes);
    expect(bytes).to.be.within(1, 1024 * 1024);
  });
});

describe('a quantile of a histogram', () => {
  const bounds = [1, 2, 4];
  const of = (share: number, counts: readonly number[]) => quantile(share, bounds, Float64Array.from(counts));

  it('lies within the bucket where that share is reached, as if they lay evenly in it', () => {
    expect(of(0.5, [10, 0, 0, 0])).to.equal(0.5);
    expect(of(0.5, [5, 0, 5, 0])).to.equal(1);
    expect(of(0.75, [5, 0, 5, 0])).to.equal(3);
    expect(of(1, [1, 1, 1, 0])).to.equal(4);
  });

  it('is the last bound where it lies beyond, and none without observations', () => {
    expect(of(0.99, [0, 0, 0, 3])).to.equal(4);
    expect(of(0.5, [0, 0, 0, 0])).to.equal(undefined);
  });
});
