import type { Live } from '../../../admin/schemas/live.ts';
import { duration, perSecond } from './live-words.ts';

/** The newest numbers, in words; this is what a screen reader and a hurried eye get of the plots. */
export function Now({ live }: { live: Live }) {
  const last = live.samples.at(-1);
  if (last === undefined) {
    return <p role="status">Nothing is known yet: the first step of {live.interval_seconds} seconds is under way.</p>;
  }
  const { checks, latency, snapshot_revision, snapshot_age_seconds } = last;
  const all = (checks['allowed'] ?? 0) + (checks['denied'] ?? 0);
  return (
    <dl class="now">
      <Figure title="Checks per second" value={perSecond(all / live.interval_seconds)} />
      <Figure
        title="Refused"
        value={
          all === 0
            ? '-'
            : `${(((checks['denied'] ?? 0) / all) * 100).toLocaleString('en', { maximumFractionDigits: 1 })} %`
        }
      />
      <Figure title="p99" value={latency ? duration(latency.p99_us) : '-'} />
      <Figure title="Revision" value={snapshot_revision.toLocaleString('en')} />
      <Figure
        title="Snapshot age"
        value={snapshot_age_seconds === null ? 'no snapshot' : duration(snapshot_age_seconds * 1e6)}
      />
    </dl>
  );
}

function Figure({ title, value }: { title: string; value: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd class="number">{value}</dd>
    </div>
  );
}
