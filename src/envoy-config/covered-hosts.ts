/** Hosts that something is for: all, or those of the patterns: exact, a beginning (`a.*`) or an end (`*.b`). */
export type Hosts = 'all' | readonly string[];

/** Those of either. */
export function eitherHosts(some: readonly Hosts[]): Hosts {
  return some.some(hosts => hosts === 'all') ? 'all' : some.flatMap(hosts => (hosts === 'all' ? [] : hosts));
}

/** Whether no host that the pattern stands for is outside. Hosts are compared in lower case. */
export function isCovered(pattern: string, by: Hosts): boolean {
  return by === 'all' || by.some(outer => holds(outer.toLowerCase(), pattern.toLowerCase()));
}

function holds(outer: string, inner: string): boolean {
  if (outer === '*' || outer === inner) {
    return true;
  }
  if (outer.startsWith('*')) {
    return !inner.endsWith('*') && inner.replace(/^\*/, '').endsWith(outer.slice(1));
  }
  return outer.endsWith('*') && !inner.startsWith('*') && inner.replace(/\*$/, '').startsWith(outer.slice(0, -1));
}

/** A host as clients may write it: alone, and with a port behind it. Only an end that is open takes both in one. */
export function withPorts(host: string): readonly string[] {
  return host.endsWith('*') ? [host] : [host, `${host}:*`];
}
