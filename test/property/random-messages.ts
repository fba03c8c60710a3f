import fc from 'fast-check';
import { headerNames } from '../../src/check/wire/header-slots.ts';

/**
 * CheckRequests as bytes, with all that protobuf lets a sender write: fields in any order, more than once or not at all,
 * lengths that are longer than they need to be, and fields that nobody knows, in every wire type.
 */

/** A number as a varint, with so many bytes more than it needs. */
function varint(number: number, more = 0): Buffer {
  const bytes: number[] = [];
  let rest = number;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  for (let index = 0; index < more; index += 1) {
    bytes.push((bytes.pop() as number) | 0x80, 0);
  }
  return Buffer.from(bytes);
}

const spare = fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, fc.constantFrom(1, 2, 3));

const field = (number: number, content: fc.Arbitrary<Buffer>) =>
  fc
    .tuple(content, spare, spare)
    .map(([bytes, ofTag, ofLength]) =>
      Buffer.concat([varint(number * 8 + 2, ofTag), varint(bytes.length, ofLength), bytes]),
    );

/** Numbers that no message has, and some that messages have for something else. */
const anyNumber = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1000, max: 2 ** 29 - 1 }) },
  { weight: 2, arbitrary: fc.constantFrom(14, 15, 16, 99) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2, 3, 4, 9, 10, 12) },
);
const content = {
  0: fc.constantFrom([0], [0x96, 1], [...Array(9).fill(0xff), 1], [...Array(10).fill(0x80), 0]),
  1: fc.constant(Array(8).fill(7)),
  2: fc.constantFrom([0], [3, 1, 2, 3], [4, 0x0a, 2, 0x0a, 0], [0x80 + 2, 0, 9, 9]),
  5: fc.constant(Array(4).fill(7)),
};
const flat = fc
  .tuple(anyNumber, fc.constantFrom(0 as const, 1 as const, 2 as const, 5 as const))
  .chain(([number, type]) =>
    content[type].map(bytes => Buffer.concat([varint(number * 8 + type), Buffer.from(bytes)])),
  );
const group = fc
  .tuple(anyNumber, fc.array(flat, { maxLength: 3 }), fc.nat({ max: 12 }), fc.nat({ max: 20 }))
  .map(([number, inside, depth, slip]) => {
    let bytes = Buffer.concat(inside);
    for (let level = 0; level <= depth; level += 1) {
      const end = varint((number + (slip === 0 ? 1 : 0)) * 8 + 4);
      bytes = Buffer.concat([varint(number * 8 + 3), bytes, end]);
    }
    return bytes;
  });
const unknown = fc.oneof({ weight: 4, arbitrary: flat }, { weight: 1, arbitrary: group });

/** These fields in any order, with something unknown among them now and then. */
const message = (...parts: fc.Arbitrary<Buffer[]>[]) =>
  fc
    .tuple(...parts, fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, fc.array(unknown, { maxLength: 2 })))
    .chain(lists => {
      const all = lists.flat() as Buffer[];
      return fc
        .boolean()
        .chain(keep => (keep ? fc.constant(all) : fc.shuffledSubarray(all, { minLength: all.length })));
    })
    .map(fields => Buffer.concat(fields));
const several = (one: fc.Arbitrary<Buffer>, maxLength: number) => fc.array(one, { maxLength });
const mostlyOne = (one: fc.Arbitrary<Buffer>) =>
  fc.oneof({ weight: 12, arbitrary: fc.tuple(one) }, fc.array(one, { maxLength: 2 }));
const maybe = (one: fc.Arbitrary<Buffer>) => fc.array(one, { maxLength: 1 });

const text = fc
  .oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        '',
        'a',
        'Bearer key',
        'true',
        '12',
        'application/grpc',
        '{"a":1}',
        'é😀',
        '/?a=b',
        'false',
      ),
    },
    { weight: 1, arbitrary: fc.constant('x'.repeat(200)) },
  )
  .map(value => Buffer.from(value));
const anyBytes = fc.uint8Array({ maxLength: 6 }).map(bytes => Buffer.from(bytes));
const value = fc.oneof({ weight: 5, arbitrary: text }, { weight: 1, arbitrary: anyBytes });

const name = fc
  .oneof(
    { weight: 12, arbitrary: fc.constantFrom(...headerNames) },
    { weight: 2, arbitrary: fc.constantFrom('', 'user-agent', 'x_api_key', 'x-api-kex', 'authorizatiom', '__proto__') },
  )
  .chain(known =>
    fc.constantFrom(
      known,
      known,
      known.toUpperCase(),
      known.replace(/^./, first => first.toUpperCase()),
    ),
  )
  .map(spelled => Buffer.from(spelled));

const entry = (key: fc.Arbitrary<Buffer>, of: fc.Arbitrary<Buffer>) =>
  message(mostlyOne(field(1, key)), mostlyOne(field(2, of)));
const rawHeader = message(mostlyOne(field(1, name)), maybe(field(2, value)), maybe(field(3, value)));
const pin = fc.constantFrom('modelgate_model', 'modelgate_model', 'Modelgate_model', 'modelgate_mode').map(Buffer.from);

const http = message(
  several(field(3, entry(name, value)), 5),
  mostlyOne(field(4, value)),
  maybe(field(7, value)),
  maybe(field(11, value)),
  maybe(field(12, value)),
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<Buffer[]>([]) },
    several(field(13, message(several(field(1, rawHeader), 5))), 1),
  ),
);
const source = message(maybe(field(1, message(mostlyOne(field(1, message(mostlyOne(field(2, text)))))))));
const attributes = message(
  maybe(field(1, source)),
  mostlyOne(field(4, message(mostlyOne(field(2, http))))),
  several(field(10, entry(pin, value)), 2),
);

export const checkMessage: fc.Arbitrary<Buffer> = message(mostlyOne(field(1, attributes)));
