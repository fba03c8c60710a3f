import { expect } from 'chai';
import { settingsChanges } from '../../../src/admin/schemas/settings.ts';

describe('T32 the address of the gateway', () => {
  const isTaken = (gateway_url: string) => settingsChanges.safeParse({ gateway_url }).success;

  it('holds no user name or password, however it is written', () => {
    const urls = ['http://u:p@h', 'HTTP://u:p@h', 'https://u@h/x', 'hTTps://:p@h', 'http://u%40:p@h:80/'];
    expect(urls.filter(isTaken)).to.deep.equal([]);
  });

  it('is http or https, or empty', () => {
    const urls = ['', 'http://h', 'HTTPS://h:8443/a~b', 'ftp://h', 'h', 'javascript:1'];
    expect(urls.filter(isTaken)).to.deep.equal(['', 'http://h', 'HTTPS://h:8443/a~b']);
  });

  it('holds no query and no fragment, for the path of a call is put behind it', () => {
    expect(['http://h/?a', 'http://h/x#', 'http://h/x#y', 'http://h?'].filter(isTaken)).to.deep.equal([
      'http://h/x#',
      'http://h?',
    ]);
  });

  it('S10 holds nothing that a shell reads as more than text, in its host or path', () => {
    const urls = [
      'http://gw/$(id)',
      "http://gw/';id;'",
      'http://gw/`id`',
      'http://$(id)/',
      "http://a'b/",
      'http://gw/%41',
    ];
    expect(urls.filter(isTaken)).to.deep.equal([]);
  });

  it('S10 is kept as it is called', () => {
    const kept = (gateway_url: string) => settingsChanges.parse({ gateway_url }).gateway_url;
    expect(['', 'http://h', 'HTTP://H:80/', 'https://h:8443/a/../b/', 'http://h?'].map(kept)).to.deep.equal([
      '',
      'http://h',
      'http://h',
      'https://h:8443/b',
      'http://h',
    ]);
  });

  it('is no link-local address, however it is written', () => {
    const addresses = [
      '169.254.169.254',
      '2852039166',
      '0xa9fea9fe',
      '169.16689662',
      '[fe80::1]',
      '[::ffff:169.254.1.1]',
      '[64:ff9b::a9fe:a9fe]',
      '[64:ff9b:1::a9fe:a9fe]',
      '[2002:a9fe:a9fe::1]',
      '[::169.254.169.254]',
    ];
    const urls = [...addresses, '[fd00:ec2::254]'].map(host => `http://${host}/latest`);
    expect(urls.filter(isTaken)).to.deep.equal([]);
    expect(['http://127.0.0.1:10000', 'http://[::1]', 'http://10.0.0.1'].filter(isTaken)).to.have.length(3);
  });
});
