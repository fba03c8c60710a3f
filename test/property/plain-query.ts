import type { readQuery } from '../../src/credentials/read-query.ts';

const ASCII_SPACE_AROUND = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;

interface Parameter {
  /** As it was sent: Envoy takes parameters away by this one. */
  readonly rawName: string;
  readonly name: string;
  readonly value: string;
}

/** The grammar of readQuery's contract, written with `split` and `decodeURIComponent` and nothing else. */
export function plainQuery(path: string, query: string): ReturnType<typeof readQuery> {
  return reading([...parametersOf(path.split('?').slice(1).join('?')), ...parametersOf(query)]);
}

/**
 * The same by the URL standard's own parser, which other servers have too: undefined where it reads a text otherwise than
 * behaviour.md wants, for a percent sign that encodes nothing. `+`, which it would decode, is hidden from it.
 */
export function standardQuery(path: string, query: string): ReturnType<typeof readQuery> | undefined {
  const sent = [path.split('?').slice(1).join('?'), query].join('&');
  if (!isWellEncoded(sent)) return undefined;
  const rawNames = sent.split('&').filter(text => text !== '');
  const parsed = [...new URLSearchParams(`&${sent}`.replaceAll('+', '%2B'))];
  return reading(
    parsed.map(([name, value], index) => ({ rawName: rawNames[index]?.replace(/=.*$/s, '') ?? '', name, value })),
  );
}

function reading(parameters: readonly Parameter[]): ReturnType<typeof readQuery> {
  const isNamed = ({ rawName }: Parameter) => rawName === 'accessKey';
  const values = new Set(parameters.filter(isNamed).map(({ value }) => value.replace(ASCII_SPACE_AROUND, '')));
  const isDisguised = parameters.some(one => one.name === 'accessKey' && !isNamed(one));
  const [accessKey = ''] = values;
  const named = values.size > 0;
  if (isDisguised || values.size > 1) return { placement: { kind: 'ambiguous' }, named };
  return { placement: accessKey === '' ? { kind: 'absent' } : { kind: 'one', accessKey }, named };
}

function parametersOf(query: string): Parameter[] {
  return query.split('&').map(parameter => {
    const [rawName = '', ...value] = parameter.split('=');
    return { rawName, name: decoded(rawName), value: decoded(value.join('=')) };
  });
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

/** A lone surrogate, which the standard's parser replaces, and a byte order mark, which it drops, are left out too. */
function isWellEncoded(text: string): boolean {
  try {
    return !encodeURIComponent(decodeURIComponent(text)).includes('%EF%BB%BF');
  } catch {
    return false;
  }
}
