import { expect } from 'chai';
import { Counter, Histogram, Registry } from 'prom-client';
import { CounterTable } from '../../../src/metrics/counter-table.ts';
import { HistogramTable } from '../../../src/metrics/histogram-table.ts';

const named = { name: 'checks_total', help: 'Checks.', labelNames: ['outcome', 'reason'] };
const timed = { name: 'seconds', help: 'Time.', labelNames: ['outcome'], buckets: [0.001, 0.25, 5] };
/** The last is beyond all bounds, and one lies on a bound. */
const times = [0.0001, 0.001, 0.001, 0.3, 7];

/** What a scrape reads, with our tables or with prom-client's own metrics, in either format. */
function exposed(contentType: string, isTable: boolean): Promise<string> {
  const registry = new Registry();
  registry.setContentType(contentType as typeof Registry.PROMETHEUS_CONTENT_TYPE);
  const registers = [registry as Registry];
  if (isTable) {
    const counter = new CounterTable({ ...named, registers });
    const rows = ['a', 'never', 'b'].map(reason => counter.row({ outcome: 'deny', reason }));
    counter.add(rows[0] as number, 1);
    counter.add(rows[0] as number, 2);
    counter.add(rows[2] as number, 1);
    const histogram = new HistogramTable({ ...timed, registers });
    const row = histogram.row({ outcome: 'allow' });
    histogram.row({ outcome: 'never' });
    for (const time of times) histogram.add(row, time, 2);
  } else {
    const counter = new Counter({ ...named, registers });
    counter.inc({ outcome: 'deny', reason: 'a' }, 3);
    counter.inc({ outcome: 'deny', reason: 'b' });
    const histogram = new Histogram({ ...timed, registers });
    for (const time of [...times, ...times]) histogram.observe({ outcome: 'allow' }, time);
  }
  return registry.metrics();
}

describe('metrics that are counted in tables', () => {
  for (const contentType of [Registry.PROMETHEUS_CONTENT_TYPE, Registry.OPENMETRICS_CONTENT_TYPE]) {
    it(`are exposed as prom-client exposes its own (${contentType})`, async () => {
      const sums = (text: string) =>
        text.replace(/(seconds_sum\S*) (\S+)/, (_, name, sum) => `${name} ${Number(sum).toFixed(6)}`);
      expect(sums(await exposed(contentType, true))).to.equal(sums(await exposed(contentType, false)));
    });
  }

  it('are read through objects that inherit from them, which is how one registry speaks both formats', async () => {
    const histogram = new HistogramTable({ ...timed, registers: [] });
    histogram.add(histogram.row({ outcome: 'allow' }), 1, 2);
    const counter = new CounterTable({ ...named, registers: [] });
    counter.add(counter.row({ outcome: 'deny', reason: 'a' }), 3);
    for (const metric of [histogram, counter]) {
      const { values } = await metric.get();
      expect((await (Object.create(metric) as typeof metric).get()).values).to.deep.equal(values);
    }
  });

  it('T26 grow by rows without losing what was counted', async () => {
    const counter = new CounterTable({ ...named, registers: [] });
    const rows = Array.from({ length: 100 }, (_, index) => counter.row({ reason: String(index) }));
    for (const row of rows) counter.add(row, row + 1);
    const { values } = await counter.get();
    expect(values.map(({ value }) => value)).to.deep.equal(rows.map(row => row + 1));
  });
});
