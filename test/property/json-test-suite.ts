import { readFileSync } from 'node:fs';

/** A text of the JSON Parsing Test Suite: `y_` must be accepted, `n_` refused, `i_` may be either. */
export interface SuiteCase {
  readonly name: string;
  readonly text: Buffer;
}

interface Fixture {
  readonly texts: Readonly<Record<string, string>>;
  readonly repeated: Readonly<
    Record<string, { readonly piece: string; readonly times: number; readonly tail: string }>
  >;
}

const file = new URL('../../../test/property/json-test-suite.json', import.meta.url);

export function readJsonTestSuite(): SuiteCase[] {
  const { texts, repeated } = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
  const long = Object.entries(repeated).map(([name, { piece, times, tail }]) => [name, piece.repeat(times) + tail]);
  return [...Object.entries(texts), ...long].map(([name = '', text = '']) => ({
    name,
    text: Buffer.from(text, 'latin1'),
  }));
}
