import { useMemo } from 'preact/hooks';
import type { Live } from '../../../admin/schemas/live.ts';
import { aligned, knownSince, spanOf, stackedDenials } from './live-data.ts';
import type { Range } from './live-range.ts';
import { duration, perSecond } from './live-words.ts';
import type { PlotOptions } from './plots/plot.ts';
import { PlotView } from './plots/plot-view.tsx';

/** Bands that can be told apart by their colours. */
const bandsMax = 6;

const checks: PlotOptions = {
  series: [
    { label: 'let through', color: '--plot-good' },
    { label: 'refused', color: '--plot-bad' },
  ],
  words: perSecond,
};
const latency: PlotOptions = {
  series: [
    { label: 'p50', color: '--plot-1' },
    { label: 'p99', color: '--plot-2' },
    { label: 'p99.9', color: '--plot-3' },
  ],
  words: duration,
  axis: 'log',
};
const age: PlotOptions = {
  series: [{ label: 'age', color: '--plot-1' }],
  words: seconds => duration(seconds * 1e6),
};
const revisions: PlotOptions = {
  series: [{ label: 'revision', color: '--plot-2' }],
  words: revision => Math.round(revision).toLocaleString('en'),
  form: 'steps',
  axis: 'tight',
};

/** The same time five times, each with its marks. */
export function LiveCharts({ live, range }: { live: Live; range: Range }) {
  const states = useMemo(() => toStates(live, range), [live]);
  const { reasons } = states.denials;
  const bands = reasons.map((label, at) => ({ label, color: `--plot-${reasons.length - at}` }));
  const time = `the last ${range.text}`;
  return (
    <div class="charts">
      <PlotView
        key="checks"
        title="Checks per second"
        says={`Rates of ${time}.`}
        options={checks}
        state={states.checks}
      />
      <PlotView key="latency" title="Latency" says={`Quantiles of ${time}.`} options={latency} state={states.latency} />
      {reasons.length > 0 ? (
        <PlotView
          key="denials"
          title="Refused per second, by reason"
          says={`Most often in ${time}: ${reasons.toReversed().join(', ')}.`}
          options={{ series: bands, words: perSecond, form: 'bands' }}
          state={states.denials.state}
        />
      ) : (
        <section key="none">
          <h2>Refused per second, by reason</h2>
          <p>Nothing was refused in {time}.</p>
        </section>
      )}
      <PlotView key="age" title="Age of the snapshot" says={`In ${time}.`} options={age} state={states.age} />
      <PlotView
        key="revision"
        title="Revision of the snapshot"
        says={`In ${time}.`}
        options={revisions}
        state={states.revisions}
      />
    </div>
  );
}

function toStates(live: Live, range: Range) {
  const { samples, changes, interval_seconds } = live;
  const common = {
    span: spanOf(live, range.seconds),
    since: knownSince(live, range.seconds),
    marks: changes.map(({ at }) => Date.parse(at) / 1000),
  };
  const stacked = stackedDenials(live, bandsMax);
  return {
    checks: {
      ...common,
      data: aligned(
        samples,
        sample => (sample.checks['allowed'] ?? 0) / interval_seconds,
        sample => (sample.checks['denied'] ?? 0) / interval_seconds,
      ),
    },
    latency: {
      ...common,
      data: aligned(
        samples,
        sample => sample.latency?.p50_us ?? null,
        sample => sample.latency?.p99_us ?? null,
        sample => sample.latency?.p999_us ?? null,
      ),
    },
    denials: { reasons: stacked.reasons, state: { ...common, data: stacked.data, told: stacked.told } },
    age: { ...common, data: aligned(samples, sample => sample.snapshot_age_seconds) },
    revisions: { ...common, data: aligned(samples, sample => sample.snapshot_revision) },
  };
}
