import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Api, ApiError } from './api.ts';
import { useApi } from './session.tsx';

export interface Loaded<T> {
  /** What came last; stays while it is loaded anew. */
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** Loads when it is shown, and anew whenever `key` changes or `reload` is called; what is no longer wanted is cancelled. */
export function useLoaded<T>(key: string, load: (api: Api, signal: AbortSignal) => Promise<T>): Loaded<T> {
  const api = useApi();
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ key?: string; data?: T; error?: ApiError; isLoading: boolean }>({
    isLoading: true,
  });
  // `key` says all that `load` depends on.
  useEffect(() => {
    const abort = new AbortController();
    setState(before => ({ ...(before.key === key ? before : {}), isLoading: true }));
    load(api, abort.signal).then(
      data => abort.signal.aborted || setState({ key, data, isLoading: false }),
      fault => abort.signal.aborted || setState({ key, error: toApiError(fault), isLoading: false }),
    );
    return () => abort.abort();
  }, [api, key, turn]);
  const reload = useCallback(() => setTurn(before => before + 1), []);
  return { data: state.data, error: state.error, isLoading: state.isLoading, reload };
}

export function toApiError(fault: unknown): ApiError {
  return fault instanceof ApiError ? fault : new ApiError(0, fault instanceof Error ? fault.message : String(fault));
}
