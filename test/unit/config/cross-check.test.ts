import { expect } from 'chai';
import { type ConfigError, readConfig } from '../../../src/config/read-config.ts';

function faultsOf(flags: Record<string, string>): readonly string[] {
  try {
    readConfig(flags, {});
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
}

const pairs = [
  ['check-tls-cert', 'check-tls-key'],
  ['admin-tls-cert', 'admin-tls-key'],
] as const;

describe('config: settings that belong together', () => {
  for (const [cert, key] of pairs) {
    it(`--${cert} and --${key} go together, and the fault names both`, () => {
      for (const given of [cert, key]) {
        const faults = faultsOf({ [given]: 'x.pem' });
        expect(faults).to.have.length(1);
        expect(faults[0]).to.contain(`--${cert} (MODELGATE_`).and.to.contain(`--${key} (MODELGATE_`);
      }
      expect(faultsOf({ [cert]: 'x.pem', [key]: 'y.pem' })).to.deep.equal([]);
    });
  }

  it('a client CA without TLS protects nothing, and is refused', () => {
    expect(faultsOf({ 'check-tls-client-ca': 'ca.pem' })[0]).to.contain('--check-tls-cert (MODELGATE_CHECK_TLS_CERT)');
  });

  it('TLS on a socket is refused, since its permissions guard it', () => {
    const faults = faultsOf({ 'check-listen': 'unix:/x', 'check-tls-cert': 'c', 'check-tls-key': 'k' });
    expect(faults).to.have.length(1);
    expect(faults[0]).to.contain('--check-listen (MODELGATE_CHECK_LISTEN)');
  });

  it('two listeners on one address are refused, and both are named', () => {
    const faults = faultsOf({ 'check-listen': '[::1]:9200', 'ops-listen': '[::1]:9200' });
    expect(faults).to.have.length(1);
    expect(faults[0]).to.contain('--ops-listen (').and.to.contain('--check-listen (');
    expect(faultsOf({ 'admin-listen': '127.0.0.1:9191' })).to.have.length(1);
    expect(faultsOf({ 'check-listen': '127.0.0.1:0', 'admin-listen': '127.0.0.1:0' })).to.deep.equal([]);
  });

  it('they are told together with the other faults', () => {
    expect(faultsOf({ 'check-tls-cert': 'x.pem', 'admin-tls-key': 'x.pem', 'log-level': 'loud' })).to.have.length(3);
  });

  it('has no listener for the ops routes and no reflection unless told so', () => {
    const { opsListen, reflection } = readConfig({}, {});
    expect({ opsListen, reflection }).to.deep.equal({ opsListen: undefined, reflection: false });
    const told = readConfig({ 'ops-listen': '127.0.0.1:9193', reflection: 'true' }, {});
    expect(told.opsListen).to.deep.equal({ host: '127.0.0.1', port: 9193 });
    expect(told.reflection).to.equal(true);
  });
});
