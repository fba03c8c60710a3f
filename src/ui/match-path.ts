/** The values of a path's `:names`; undefined where it is another path, or a value is one that a URL would swallow. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const params: Record<string, string> = {};
  const fits = wanted.every((part, at) => {
    const value = given[at] ?? '';
    if (!part.startsWith(':')) {
      return part === value;
    }
    const name = decode(value);
    params[part.slice(1)] = name;
    return !/^\.{0,2}$/.test(name);
  });
  return fits && wanted.length === given.length ? params : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
