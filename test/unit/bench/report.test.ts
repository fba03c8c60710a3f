import { expect } from 'chai';
import type { Measured } from '../../../bench/compare.ts';
import { toSvg } from '../../../bench/growth/chart.ts';
import type { Figures } from '../../../bench/load/measure.ts';
import type { Plan } from '../../../bench/plan.ts';
import { plans, quickPlans } from '../../../bench/plans.ts';
import { medianOf, toRow } from '../../../bench/report/rows.ts';
import { toOwnTable, toTable } from '../../../bench/report/table.ts';
import type { BenchServer } from '../../../bench/servers/bench-server.ts';

const server = (name: string) => ({ name }) as BenchServer;
const planOf = (name: string) => plans.find(plan => plan.name === name) as Plan;

const figures = (rps: number, mismatches = 0): Figures => ({
  ...{ rps, p50_us: 1, p99_us: 2, p999_us: 3, cpu_us: 4, loader_cpu_us: 1, others_cores: 0 },
  ...{ peak_mib: 50, resident_mib: 40, ready_s: 1, mismatches, missing: 0 },
});
const measured = (plan: Plan, name: string, ...rps: number[]): Measured => ({
  plan,
  server: server(name),
  rounds: rps.map(each => figures(each)),
});

describe('report of the benchmarks', () => {
  it('takes the middle of an odd number of rounds, and the mean of the two in the middle of an even one', () => {
    const of = (...all: number[]) =>
      medianOf(
        all.map(rps => figures(rps)),
        'rps',
      );
    expect([of(7), of(3, 1), of(9, 1, 5), of(4, 1, 3, 100)]).to.eql([7, 2, 5, 3.5]);
  });

  it('writes the rows of --json with these fields and no others', () => {
    const usual = ['server', 'set', 'workload', 'streams', 'rate', 'rps', 'p50_us', 'p99_us', 'p999_us', 'cpu_us'];
    const fields = [...usual, 'rss_mib', 'mismatches'];
    expect(toRow(measured(planOf('c16'), 'a', 1))).to.have.all.keys(fields);
    expect(toRow(measured(planOf('4x16'), 'a', 1))).to.have.all.keys([...fields, 'connections']);
  });

  it('divides by the baseline of the same plan, and by the same server where a plan differs in one thing', () => {
    const all = [
      ...[measured(planOf('c64'), 'ours', 30), measured(planOf('c64'), 'theirs', 10)],
      measured(planOf('changes-c64'), 'ours', 15),
    ];
    const [ours] = toTable(all, 'theirs').split('\n').slice(2);
    expect(ours).to.match(/^\| c64 \| ours \| 30 .*\| 3\.00 \| 1\.00 \| 1\.00 \| 1\.00 \|$/);
    expect(toOwnTable(all).split('\n')[2]).to.match(/^\| changes-c64 \/ c64 \| ours \| 0 of 500 \| 0\.50 /);
  });

  it('names plans once, and compares them with plans that there are', () => {
    const names = plans.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.include.members([...quickPlans, ...plans.flatMap(({ against }) => against ?? [])]);
  });

  it('draws each line of a chart in its place, with marks for its points', () => {
    const lines = [{ name: 'a < b', values: [1, 2, 4] }];
    const svg = toSvg([{ title: 'keys', axis: 'log', at: [1, 10, 100], labels: ['1', '10', '100'], lines }], 'here');
    expect(svg).to.contain('a &lt; b').and.contain('points="64.0,172.0 298.0,128.0 532.0,40.0"');
    expect(svg.match(/<circle /g)).to.have.length(3);
  });
});
