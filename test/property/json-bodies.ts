import fc from 'fast-check';

/** Values of access keys: few, so that equal and different ones meet often. */
const keyText = fc.constantFrom(
  'mkey1',
  'mkey2',
  ' mkey1',
  'mkey1\n',
  '\u00a0mkey1',
  'mkéy\u{1f511}',
  'm"k\\',
  '',
  ' \t',
);

const memberName = fc.oneof(
  { weight: 6, arbitrary: fc.constant('accessKey') },
  { weight: 2, arbitrary: fc.constantFrom('AccessKey', 'accesskey', 'ACCESSKEY', 'acce\u017fsKey', 'access\u212aey') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('acessKey', 'accessKeys', 'accessKez', 'accessKe', 'acce\u00dfKey', '__proto__'),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('request', '', '\\', '"', '{', 'x'.repeat(40)) },
);

/** Text that a quick scanner may stumble over: quotes, backslashes and brackets, near and far. */
const awkwardText = fc
  .array(
    fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '"accessKey":"mkey2"', 'x'.repeat(33), 'é', '\u2028'),
    {
      maxLength: 12,
    },
  )
  .map(parts => parts.join(''));

const space = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r') }),
);

/** A string literal in which each character may be written raw, by its short escape, or as `\u`. */
function literal(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(text, fc.infiniteStream(fc.nat({ max: 5 }))).map(([plain, choices]) => {
    const spelled = Array.from(plain, point =>
      choices.next().value === 0 ? escapedUnits(point) : JSON.stringify(point).slice(1, -1),
    );
    return `"${spelled.join('')}"`;
  });
}

function escapedUnits(point: string): string {
  return point
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

const scalar = fc.oneof(
  fc.constantFrom('0', '-0', '1.50', '-12e-3', '7E+2', 'true', 'false', 'null'),
  literal(awkwardText),
  literal(keyText),
);

const { value } = fc.letrec<{ value: string; members: string }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc
      .tuple(fc.array(tie('value'), { maxLength: 4 }), space)
      .map(([items, gap]) => `[${gap}${items.join(`${gap},`)}${gap}]`),
    tie('members').map(members => `{${members}}`),
  ),
  members: fc
    .array(fc.tuple(literal(memberName), tie('value')), { maxLength: 3 })
    .map(pairs => pairs.map(pair => pair.join(':')).join(',')),
}));

const member = fc
  .tuple(
    literal(memberName),
    fc.oneof({ weight: 3, arbitrary: literal(keyText) }, value),
    fc.tuple(space, space, space, space),
  )
  .map(([name, held, [a, b, c, d]]) => `${a}${name}${b}:${c}${held}${d}`);

const object = fc
  .tuple(fc.array(member, { maxLength: 5 }), space, space, space)
  .map(([members, before, inside, after]) => `${before}{${members.length > 0 ? members.join(',') : inside}}${after}`);

/** Valid JSON texts: mostly objects with `accessKey` in any place, number and spelling. */
export const jsonBody = fc
  .oneof({ weight: 9, arbitrary: object }, { weight: 1, arbitrary: value })
  .map(text => Buffer.from(text));

/** Bytes at which scan-value.ts goes on with another piece of a text. */
const firstPiece = 512;
const secondPiece = firstPiece + 64 * 1024;

/** What begins before such a place and may end behind it. */
const longText = fc
  .tuple(
    fc.oneof({ weight: 7, arbitrary: fc.constant(firstPiece) }, { weight: 1, arbitrary: fc.constant(secondPiece) }),
    fc.nat({ max: 80 }),
    literal(awkwardText),
    fc.constantFrom('', 'x'.repeat(20), 'x'.repeat(600)),
  )
  .map(([piece, before, awkward, after]) => `"${'x'.repeat(piece - before)}${awkward.slice(1, -1)}${after}"`);

/** JSON texts with a string of more than one piece before the member that matters, by itself or within something. */
export const longBody = fc
  .tuple(longText, fc.constantFrom('', '[', '{"in":[', '[[['), literal(keyText), fc.constantFrom(0, 0, 0, 1, 2, 40))
  .map(([text, opened, key, cut]) => {
    const closed = Array.from(opened.replaceAll(/[^[{]/g, ''), bracket => (bracket === '[' ? ']' : '}')).reverse();
    const whole = Buffer.from(`{"prompt":${opened}${text}${closed.join('')},"accessKey":${key}}`);
    return whole.subarray(0, whole.length - cut);
  });

/** Even over the length of a text, which `fc.double` is not. */
export const fraction = fc.nat({ max: 9999 }).map(part => part / 9999);

const mutation = fc.record({
  at: fraction,
  cut: fc.constantFrom(0, 0, 1, 2, 7),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc
      .constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', '0', '\ufeff', '"accessKey":"mkey2",')
      .map(text => Buffer.from(text)),
  ),
});

/** The same texts after a few bytes or a token were put in, taken out or replaced, and maybe the end cut off. */
export const mutatedBody = fc
  .tuple(
    jsonBody,
    fc.array(mutation, { minLength: 1, maxLength: 2 }),
    fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fraction),
  )
  .map(([body, mutations, kept]) => {
    let bytes: Buffer = body;
    for (const { at, cut, bytes: put } of mutations) {
      const index = Math.round(at * bytes.length);
      bytes = Buffer.concat([bytes.subarray(0, index), put, bytes.subarray(index + cut)]);
    }
    return bytes.subarray(0, Math.round(kept * bytes.length));
  });
