import { Problem } from '../../parts/problem.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useQuery } from '../../route.ts';
import { Changes } from './changes.tsx';
import { KnownSince } from './known-since.tsx';
import { LiveCharts } from './live-charts.tsx';
import { rangeOf, ranges } from './live-range.ts';
import { Now } from './now.tsx';
import { useLive } from './use-live.ts';

/** What this server answers now, and what was changed meanwhile, so that cause and effect stand side by side. */
export function LivePage() {
  const [query, change] = useQuery();
  const range = rangeOf(query['range']);
  const { data, error } = useLive(range);
  return (
    <div class="live">
      <div class="head">
        <h1>Live</h1>
        <fieldset class="shortcuts">
          <legend class="unseen">How far back</legend>
          {ranges.map(({ name, text }) => (
            <button key={name} type="button" aria-pressed={name === range.name} onClick={() => change({ range: name })}>
              {text}
            </button>
          ))}
        </fieldset>
      </div>
      {error && <Problem error={error} />}
      {!data && !error && <Skeleton />}
      {data && (
        <>
          <Now live={data} />
          <KnownSince live={data} range={range} choose={({ name }) => change({ range: name })} />
          <LiveCharts live={data} range={range} />
          <Changes changes={data.changes} />
        </>
      )}
    </div>
  );
}
