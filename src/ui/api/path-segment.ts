/** A name as a segment of a path. Throws for one that a URL would swallow: without it, the path would mean another thing. */
export function pathSegment(name: string): string {
  if (/^\.{0,2}$/.test(name)) {
    throw new Error(`${JSON.stringify(name)} is no name or id`);
  }
  return encodeURIComponent(name);
}
