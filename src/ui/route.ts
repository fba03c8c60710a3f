import { useEffect, useMemo, useState } from 'preact/hooks';

/** Where the user is: the part of the address behind `#`. All that a page shows by choice stands in it. */
export interface Route {
  /** Such as `/projects/p1`, decoded by whoever matches it. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

export function parseHash(hash: string): Route {
  const [path = '', search = ''] = splitOnce(hash.replace(/^#/, ''), '?');
  return { path: path === '' ? '/' : path, query: Object.fromEntries(new URLSearchParams(search)) };
}

/** The address of a page; what is undefined or empty is left out of the query. */
export function toHash(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = new URLSearchParams(given).toString();
  return `#${path}${search === '' ? '' : `?${search}`}`;
}

/** The address of a page from its parts, each of which may hold anything. */
export function link(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return `#${strings.map((text, at) => text + (at < values.length ? encodeURIComponent(values[at] ?? '') : '')).join('')}`;
}

/** Goes to an address; `replace` leaves no step behind to go back to. */
export function go(hash: string, how: 'push' | 'replace' = 'push'): void {
  if (hash === location.hash) {
    return;
  }
  if (how === 'push') {
    location.hash = hash;
  } else {
    history.replaceState(null, '', hash);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  }
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const read = () => setHash(location.hash);
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  return useMemo(() => parseHash(hash), [hash]);
}

type Changes = Readonly<Record<string, string | undefined>>;

/** The query of the page, and how to change some of it. */
export function useQuery(): [Route['query'], (changes: Changes, how?: 'push' | 'replace') => void] {
  const { path, query } = useRoute();
  return [query, (changes, how) => go(toHash(path, { ...query, ...changes }), how)];
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + by.length)];
}
