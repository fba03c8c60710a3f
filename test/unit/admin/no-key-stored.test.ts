import { expect } from 'chai';
import type { z } from 'zod';
import { newApiKey } from '../../../src/admin/schemas/api-keys.ts';
import { newModel } from '../../../src/admin/schemas/models.ts';
import { settingsChanges } from '../../../src/admin/schemas/settings.ts';
import { siteDocument } from '../../../src/admin/schemas/site.ts';
import { newUser } from '../../../src/admin/schemas/users.ts';
import { makeAccessKey } from '../../../src/keys/access-key.ts';
import { makeSecret } from '../../../src/keys/secret.ts';

const secrets = [makeSecret('api_key'), makeSecret('legacy_key')];
const keys = [...secrets, makeAccessKey()];

describe('T24 a key where a text is stored', () => {
  const siteModel = (model: object) => ({
    projects: [{ project_id: 'p', owner: { username: 'ada' }, models: [{ model_id: 'm', ...model }] }],
  });
  const places: [place: string, schema: z.ZodType, of: (text: string) => object][] = [
    ['a name that others refer by', newUser, username => ({ username })],
    ['a name for people', newUser, text => ({ username: 'ada', name: `Ada (${text})` })],
    ['an e-mail address', newUser, text => ({ username: 'ada', email: `${text}@example.org` })],
    ['a comment', newApiKey, text => ({ comments: `for the nightly run: ${text}` })],
    ['a target', newModel, target => ({ target })],
    ['an address', settingsChanges, text => ({ gateway_url: `https://example.org/${text}` })],
    ['the site document', siteDocument, name => siteModel({ name })],
  ];

  for (const [place, schema, of] of places) {
    it(`is refused in ${place}, and a text like a key is not`, () => {
      const texts = [...keys, 'mgk_short', 'm-0123456789-0123456789-01234567'];
      expect(texts.filter(text => schema.safeParse(of(text)).success)).to.deep.equal(texts.slice(keys.length));
    });
  }

  it('is refused as the access key of an imported model, unless it is one', () => {
    const isTaken = (access_key: string) => siteDocument.safeParse(siteModel({ access_key })).success;
    expect(keys.filter(isTaken)).to.deep.equal(keys.slice(secrets.length));
  });
});
