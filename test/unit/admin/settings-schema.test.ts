import { expect } from 'chai';
import { settingsChanges } from '../../../src/admin/schemas/settings.ts';

describe('T32 the address of the gateway', () => {
  const isTaken = (gateway_url: string) => settingsChanges.safeParse({ gateway_url }).success;

  it('holds no user name or password, however it is written', () => {
    const urls = ['http://u:p@h', 'HTTP://u:p@h', 'https://u@h/x', 'hTTps://:p@h', 'http://u%40:p@h:80/'];
    expect(urls.filter(isTaken)).to.deep.equal([]);
  });

  it('is http or https, or empty', () => {
    const urls = ['', 'http://h', 'HTTPS://h:8443/a@b', 'ftp://h', 'h', 'javascript:1'];
    expect(urls.filter(isTaken)).to.deep.equal(['', 'http://h', 'HTTPS://h:8443/a@b']);
  });
});
