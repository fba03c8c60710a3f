import { expect } from 'chai';
import { requireDocumented } from '../support/api-contract.ts';

const json = new Headers({ 'content-type': 'application/json; charset=utf-8' });
const user = {
  username: 'ada',
  name: '',
  email: '',
  site_admin: false,
  deactivated: false,
  api_key_count: 0,
  expired_api_key_count: 0,
  last_used_at: null,
  created_at: '2026-01-31T12:00:00.000Z',
};
const shown = { method: 'GET', path: '/api/v2/users/ada?x=1', status: 200, headers: json, body: user };
const refused = { ...shown, status: 403, body: { code: 7, message: 'no', details: [] } };

/** What is said of an answer; undefined: nothing. */
async function faultOf(answer: Parameters<typeof requireDocumented>[0]): Promise<string | undefined> {
  return requireDocumented(answer).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

describe("an answer that tests get is held against the API's document", () => {
  it('passes where it is as the document says', async () => {
    expect(await faultOf(shown)).to.equal(undefined);
    expect(await faultOf(refused)).to.equal(undefined);
    expect(await faultOf({ ...refused, path: '/api/v2/nothing', status: 404 })).to.equal(undefined);
    expect(await faultOf({ ...shown, path: '/readyz', body: 7 })).to.equal(undefined);
  });

  const faulty: readonly (readonly [what: string, answer: Partial<typeof shown>, fault: string])[] = [
    ['a status that the operation does not have', { status: 418 }, 'no such status'],
    ['a field that is missing', { body: { ...user, name: undefined } as never }, 'must have required property'],
    ['a field of another type', { body: { ...user, api_key_count: '1' } as never }, 'must be integer'],
    ['a field that nobody documented', { body: { ...user, digest: 'x' } as never }, 'must NOT have additional'],
    ['a time in another form', { body: { ...user, created_at: 'today' } }, 'must match format'],
    ['a refusal of another shape', { status: 403, body: { error: 'no' } as never }, 'must have required property'],
    ['another content type', { headers: new Headers({ 'content-type': 'text/html' }) }, 'content type'],
    ['a write without its revision', { method: 'PATCH' }, 'x-modelgate-revision'],
    ['an operation that nobody documented', { path: '/api/v2/secrets' }, 'not in the document'],
  ];
  for (const [what, answer, fault] of faulty) {
    it(`fails with ${what}`, async () => {
      const document = JSON.parse(JSON.stringify(answer.body ?? user));
      expect(await faultOf({ ...shown, ...answer, body: document })).to.contain(fault);
    });
  }
});
