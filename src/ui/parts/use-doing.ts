import { useQuery } from '../route.ts';

interface Doing {
  /** What is done, such as `create`; undefined: nothing is. */
  readonly act: string | undefined;
  /** On what. */
  readonly on: string;
  /** What stands there so far, to begin from. */
  readonly was: string;
  readonly begin: (act: string, on?: string, was?: string) => void;
  readonly end: () => void;
}

/** The dialog that is open over a page: it stands in the address, so that it can be linked, reloaded and gone back from. */
export function useDoing(): Doing {
  const [query, change] = useQuery();
  return {
    act: query['do'],
    on: query['on'] ?? '',
    was: query['was'] ?? '',
    begin: (act, on, was) => change({ do: act, on, was }),
    end: () => change({ do: undefined, on: undefined, was: undefined }, 'replace'),
  };
}
