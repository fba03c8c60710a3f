type Schemas = Readonly<Record<string, unknown>>;

const inputMark = 'Input';
const prefix = '#/components/schemas/';
const reference = /"#\/components\/schemas\/(\w+)"/g;

/**
 * The type provider makes two components of each named schema: what is sent (`UserInput`) and what is answered (`User`).
 * Keeps those that the document refers to, and drops the mark wherever the two do not differ or only one is there.
 */
export function tidyComponents<D extends { readonly components?: object }>(document: D): D {
  const { schemas: all = {}, ...others }: { readonly schemas?: Schemas } = document.components ?? {};
  const rest = { ...document, components: others };
  const used = reachable(all, namesIn(rest));
  const differing = differingIn(used, all);
  const plain = (name: string) => (differing.has(name) ? name : withoutMark(name));
  const schemas = Object.fromEntries(used.map(name => [plain(name), all[name]]));
  const text = JSON.stringify({ ...rest, components: { ...others, schemas } }, withoutPattern);
  return JSON.parse(text.replace(reference, (_, name: string) => `"${prefix}${plain(name)}"`)) as D;
}

/** A pattern beside the format says the same again, at the length of a page. */
function withoutPattern(_key: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'format' in value && value.format === 'date-time') {
    return { ...value, pattern: undefined };
  }
  return value;
}

/** Schemas of requests that answers have too, in another form: by what they hold themselves, or by what they refer to. */
function differingIn(used: readonly string[], schemas: Schemas): Set<string> {
  const both = used.filter(name => name.endsWith(inputMark) && used.includes(withoutMark(name)));
  const differing = new Set(both.filter(name => unmarked(schemas[name]) !== unmarked(schemas[withoutMark(name)])));
  for (let count = -1; count !== differing.size; ) {
    count = differing.size;
    for (const name of both.filter(each => namesIn(schemas[each]).some(next => differing.has(next)))) {
      differing.add(name);
    }
  }
  return differing;
}

function withoutMark(name: string): string {
  return name.endsWith(inputMark) ? name.slice(0, -inputMark.length) : name;
}

function unmarked(schema: unknown): string {
  return JSON.stringify(schema).replaceAll(`${inputMark}"`, '"');
}

/** The schemas that are referred to from these names on. */
function reachable(schemas: Schemas, from: readonly string[]): string[] {
  const found = new Set(from);
  for (const name of found) {
    for (const next of namesIn(schemas[name])) {
      found.add(next);
    }
  }
  return [...found].sort();
}

function namesIn(part: unknown): string[] {
  return [...(JSON.stringify(part) ?? '').matchAll(reference)].map(([, name]) => name as string);
}
