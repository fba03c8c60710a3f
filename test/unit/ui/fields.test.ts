import { expect } from 'chai';
import { identifier, principalName } from '../../../src/admin/schemas/fields.ts';
import { expiryField, latestDay } from '../../../src/ui/pages/api-keys/expiry.ts';
import { checkIdentifier, checkPrincipalName, faultOf } from '../../../src/ui/parts/form/field.ts';

const now = Date.UTC(2026, 0, 15, 23, 59);

describe('web pages: what is said beside a field', () => {
  it('takes the names that the API takes, and no other', () => {
    const names = ['a', 'a.b_c-d@e', '9', '-a', 'a b', 'ä', 'a'.repeat(128), 'a'.repeat(129), '.a', 'a/b'];
    const taken = names.filter(name => checkIdentifier(name) === undefined);
    expect(taken).to.deep.equal(names.filter(name => identifier.safeParse(name).success));
    const more = [...names, 'a+b', "o'b", 'a#b', 'a\\b', 'a:b', '#a', ':a', 'a"b', 'a%b', 'a/b', 'a?b', 'a\n'];
    const allowed = more.filter(name => checkPrincipalName(name) === undefined);
    const trimmed = more.filter(name => principalName.safeParse(name.trim()).success);
    expect(allowed).to.deep.equal(trimmed);
  });

  it('asks for what is needed, in the words of the field', () => {
    const field = { name: 'x', label: 'Team', kind: 'text' as const, isRequired: true };
    expect(faultOf(field, ' ')).to.equal('Team is needed.');
    expect(faultOf({ ...field, missing: 'Type it.' }, '')).to.equal('Type it.');
    expect(faultOf({ ...field, isRequired: false }, '')).to.equal(undefined);
  });

  it('B29 allows a day up to the latest, which it names, and none that is over', () => {
    const field = expiryField(now, 365);
    expect(latestDay(now, 365)).to.equal('2027-01-15');
    expect(['2026-01-15', '2027-01-15'].map(day => faultOf(field, day))).to.deep.equal([undefined, undefined]);
    expect(faultOf(field, '2027-01-16')).to.contain('2027-01-15');
    expect(faultOf(field, '2026-01-14')).to.contain('is over');
  });

  it('offers no shortcut that is beyond what the site allows', () => {
    const texts = (days: number) => expiryField(now, days).shortcuts?.map(({ text }) => text);
    expect([texts(365), texts(60), texts(7)]).to.deep.equal([
      ['30 days', '90 days', 'Latest allowed'],
      ['30 days', 'Latest allowed'],
      ['Latest allowed'],
    ]);
  });
});
