import { expect } from 'chai';
import { z } from 'zod';
import { faultText } from '../../../src/admin/requests/fault-text.ts';
import {
  audience,
  displayName,
  identifier,
  instantFilter,
  pageQuery,
  yesOrNo,
} from '../../../src/admin/schemas/fields.ts';
import { settingsChanges } from '../../../src/admin/schemas/settings.ts';
import { newUser } from '../../../src/admin/schemas/users.ts';

const textsOf = (schema: z.ZodType, value: unknown) => {
  const { error } = z.safeParse(schema, value, { error: faultText });
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('the text of a fault is for people', () => {
  const cases: readonly [schema: z.ZodType, value: unknown, text: string][] = [
    [newUser, {}, 'username: is required'],
    [newUser, { username: 7 }, 'username: must be a string: write it in quotes'],
    [newUser, { username: null }, 'username: must be a string'],
    [newUser, undefined, ': send a JSON object as the body'],
    [newUser, null, ': send a JSON object as the body'],
    [newUser, [], ': must be an object'],
    [newUser, { username: 'a', site_admin: 'yes' }, 'site_admin: must be true or false'],
    [newUser, { username: 'a', email: 'nowhere' }, 'email: must be an e-mail address'],
    [newUser, { username: 'a', nmae: 'x' }, ': there is no such field'],
    [settingsChanges, { stale_after_seconds: 1.5 }, 'stale_after_seconds: must be a whole number'],
    [settingsChanges, { stale_after_seconds: -1 }, 'stale_after_seconds: must be at least 0'],
    [
      settingsChanges,
      { default_api_key_expiration_days: 5000 },
      'default_api_key_expiration_days: must be at most 3650',
    ],
    [
      newUser,
      { username: 'a', email: `${'x'.repeat(65)}@example.org` },
      'email: must have at most 64 characters before the "@"',
    ],
    [newUser, { username: 'a', email: `x@${'a.'.repeat(200)}org` }, 'email: must have at most 254 characters'],
    [pageQuery, { page_size: 'many' }, 'page_size: must be a number'],
    [pageQuery, { page_size: '' }, 'page_size: must be a number'],
    [pageQuery, { page_size: '0x10' }, 'page_size: must be a number'],
    [pageQuery, { page_size: ['1', '2'] }, 'page_size: must be a number'],
    [z.object({ a: displayName }), { a: 'a\u0000' }, 'a: must hold no control characters'],
    [z.object({ a: displayName }), { a: '\ud800' }, 'a: must hold no control characters'],
    [z.object({ a: z.array(audience).min(1) }), { a: [] }, 'a: must have at least 1 entry'],
    [z.object({ a: audience }), { a: 'Web' }, 'a: must be one of API, Application'],
    [z.object({ a: displayName }), { a: 'x'.repeat(201) }, 'a: must have at most 200 characters'],
    [z.object({ a: yesOrNo }), { a: 'maybe' }, 'a: must be one of true, false'],
    [z.object({ a: z.literal('x') }), { a: 'y' }, 'a: must be x'],
    [
      z.object({ a: instantFilter }),
      { a: 'yesterday' },
      'a: must be an instant in RFC 3339, such as 2026-01-31T12:00:00Z',
    ],
  ];
  for (const [schema, value, text] of cases) {
    it(`${JSON.stringify(value)?.slice(0, 50)} → ${text}`, () => {
      expect(textsOf(schema, value)).to.deep.equal([text]);
    });
  }

  it('leaves the words of a field of its own as they are', () => {
    expect(textsOf(identifier, '../x')).to.deep.equal([
      ': must be 1 to 128 of letters, digits, ".", "_", "@" and "-", and begin with a letter or digit',
    ]);
  });
});
