import { useEffect, useState } from 'preact/hooks';
import type { Live } from '../../../admin/schemas/live.ts';
import type { ApiError } from '../../api/api.ts';
import { useApi } from '../../api/session.tsx';
import { toApiError } from '../../api/use-loaded.ts';
import type { Range } from './live-range.ts';

export interface Moving {
  readonly data: Live | undefined;
  /** Why the newest could not be had; what came before is still there, and it goes on trying. */
  readonly error: ApiError | undefined;
}

/** What checks came to in a range of time that ends now: read at first, and then what is new, step by step. */
export function useLive(range: Range): Moving {
  const api = useApi();
  const [state, setState] = useState<Moving & { readonly range?: Range }>({ data: undefined, error: undefined });
  useEffect(() => {
    const abort = new AbortController();
    let known: Live | undefined;
    let timer = 0;
    const look = async () => {
      const begin = Date.now() - range.seconds * 1000;
      const since = known?.samples.at(-1)?.at ?? new Date(begin).toISOString();
      try {
        const query = { since, interval_seconds: range.step };
        known = joined(known, await api.get<Live>('/live', query, abort.signal), begin);
        setState({ data: known, error: undefined, range });
      } catch (fault) {
        if (!abort.signal.aborted) {
          setState({ data: known, error: toApiError(fault), range });
        }
      }
      if (!abort.signal.aborted) {
        timer = window.setTimeout(look, range.step * 1000);
      }
    };
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [api, range]);
  return state.range === range ? state : { data: undefined, error: undefined };
}

/** What is new behind what is known, without what has gone out of the range. */
function joined(known: Live | undefined, news: Live, begin: number): Live {
  const isInside = ({ at }: { readonly at: string }) => Date.parse(at) >= begin;
  const seen = new Set(news.changes.map(({ revision }) => revision));
  const changes = [...news.changes, ...(known?.changes ?? []).filter(({ revision }) => !seen.has(revision))];
  const samples = [...(known?.samples ?? []), ...news.samples];
  return { ...news, samples: samples.filter(isInside), changes: changes.filter(isInside) };
}
