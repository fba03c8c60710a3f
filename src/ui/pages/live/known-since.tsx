import type { Live } from '../../../admin/schemas/live.ts';
import { Time } from '../../parts/time.tsx';
import { knownSince, spanOf } from './live-data.ts';
import { type Range, ranges } from './live-range.ts';

interface Props {
  readonly live: Live;
  readonly range: Range;
  readonly choose: (range: Range) => void;
}

/** Says why most of a long range is empty while a server is young, and leads to the range that its time fills. */
export function KnownSince({ live, range, choose }: Props) {
  const since = knownSince(live, range.seconds);
  if (since === undefined) {
    return null;
  }
  const [, end] = spanOf(live, range.seconds);
  const fitting = ranges.find(({ seconds }) => seconds >= end - since);
  return (
    <p class="known-since">
      <span>
        This server began <Time at={new Date(since * 1000).toISOString()} />: of the time before, it knows nothing.
      </span>
      {fitting && fitting !== range && (
        <button type="button" onClick={() => choose(fitting)}>
          Show {fitting.text}
        </button>
      )}
    </p>
  );
}
