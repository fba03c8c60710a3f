import { expect } from 'chai';
import { parametersWithOwnKeys } from '../../../src/credentials/parameters-with-own-keys.ts';
import { makeSecret } from '../../../src/keys/secret.ts';

const key = makeSecret('api_key');

describe('B25 query parameters that hold a key of ours', () => {
  it('are named as they were sent, wherever the key stands in them', () => {
    const encoded = [...key].map(letter => `%${letter.charCodeAt(0).toString(16)}`).join('');
    const named = parametersWithOwnKeys(
      `/m?a=1&key=${key}&k%65y=${encoded}&t=Bearer%20${key}&key=${key}`,
      `${key}&=${key}`,
    );
    expect(named).to.deep.equal(['key', 'k%65y', 't', key, '']);
  });

  it('are none where a checksum is wrong, where the key stands in the path alone, or where it goes anyway', () => {
    const other = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
    for (const path of ['', '/m', `/m/${key}?a=1`, `/m?key=${other}`, `/m?accessKey=${key}`, '/m?%&a=%zz']) {
      expect(parametersWithOwnKeys(path, ''), path).to.deep.equal([]);
    }
  });
});
