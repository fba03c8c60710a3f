import { expect } from 'chai';
import { type ConfigError, readConfig } from '../../../src/config/read-config.ts';
import { settings } from '../../../src/config/serve-settings.ts';

function faultsOf(flags: Record<string, unknown>, environment: Record<string, string> = {}): readonly string[] {
  try {
    readConfig(flags, environment);
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
}

describe('config: settings of serve', () => {
  it('binds to loopback unless told otherwise', () => {
    const { checkListen, adminListen } = readConfig({}, {});
    expect([checkListen, adminListen]).to.deep.equal([
      { host: '127.0.0.1', port: 9191 },
      { host: '127.0.0.1', port: 9192 },
    ]);
  });

  it('takes a flag before the environment, and the environment before the default', () => {
    const environment = { MODELGATE_DATA: '/from/environment', MODELGATE_LOG_LEVEL: 'warn' };
    const { data, logLevel, drainMs } = readConfig({ data: '/from/flag' }, environment);
    expect([data, logLevel, drainMs]).to.deep.equal(['/from/flag', 'warn', 10_000]);
  });

  it('lists every fault at once, each with the flag and the variable to change', () => {
    const faults = faultsOf({ 'check-listen': 'nowhere', 'drain-ms': '-1' }, { MODELGATE_LOG_LEVEL: 'loud' });
    expect(faults).to.have.length(3);
    expect(faults[0]).to.contain('--check-listen (MODELGATE_CHECK_LISTEN): "nowhere" must be HOST:PORT');
    expect(faults[2]).to.contain('MODELGATE_LOG_LEVEL');
  });

  it('R01 lists variables that set nothing without ending the start, but not those that others read', () => {
    const own = { MODELGATE_VERSION: '1', MODELGATE_NAME: 'x', MODELGATE_DRAIN: '1', MODELGATE_CHECK_PORT: '9191' };
    const others = { MODELGATE_SERVER: 'x', MODELGATE_KEY_FILE: 'x', MODELGATE_CA_FILE: 'x', MODELGATE_PORT: 'x' };
    expect(readConfig({}, { ...own, ...others, PATH: '/bin' }).unknownVariables).to.deep.equal(Object.keys(own).sort());
  });

  for (const [name, meant] of [
    ['MODELGATE_CHEKC_LISTEN', 'MODELGATE_CHECK_LISTEN'],
    ['MODELGATE_LOGLEVEL', 'MODELGATE_LOG_LEVEL'],
    ['MODELGATE_DATE', 'MODELGATE_DATA'],
    ['MODELGATE_CHECK_TLS_CLIENT_CA_FILE', 'MODELGATE_CHECK_TLS_CLIENT_CA'],
    ['MODELGATE_BOOTSTRAP_KEY', 'MODELGATE_BOOTSTRAP_KEY_FILE'],
    ['MODELGATE_TLS_CERT', 'MODELGATE_CHECK_TLS_CERT or MODELGATE_ADMIN_TLS_CERT'],
  ] as const) {
    it(`R01 ends the start at ${name}, and says what is meant`, () => {
      expect(faultsOf({}, { [name]: 'x' })).to.deep.equal([`${name}: there is no such setting; ${meant} is`]);
    });
  }

  it('R01 takes no variable for a near miss that agrees with a setting in one word only', () => {
    const names = ['DATA_BUCKET', 'URL', 'LEVEL', 'HOSTS', 'SESSION', 'IMAGE', 'DAY', 'ADMIN', 'CHECK_INTERVAL'];
    expect(faultsOf({}, Object.fromEntries(names.map(name => [`MODELGATE_${name}`, 'x'])))).to.deep.equal([]);
  });

  it('R01 lets the service links of Kubernetes pass, whatever the Service is named, and no setting has their form', () => {
    for (const service of ['ADMIN', 'CHECK_LISTEN', 'DATA', 'PROD']) {
      const name = `MODELGATE_${service}`;
      const links = {
        [`${name}_SERVICE_HOST`]: '10.0.0.1',
        [`${name}_SERVICE_PORT`]: '9191',
        [`${name}_SERVICE_PORT_HTTP`]: '9191',
        [`${name}_PORT`]: 'tcp://10.0.0.1:9191',
        [`${name}_PORT_9191_TCP`]: 'tcp://10.0.0.1:9191',
        [`${name}_PORT_9191_TCP_PROTO`]: 'tcp',
        [`${name}_PORT_9191_TCP_PORT`]: '9191',
        [`${name}_PORT_9191_TCP_ADDR`]: '10.0.0.1',
      };
      expect(readConfig({}, links).unknownVariables, service).to.deep.equal(Object.keys(links).sort());
    }
    const taken = Object.values(settings).filter(({ flag }) =>
      /-port$|-service-host$|-service-port|-port-\d/.test(flag),
    );
    expect(taken).to.deep.equal([]);
  });

  it('reads IPv6 addresses and sockets, and refuses what is neither', () => {
    expect(readConfig({ 'check-listen': '[::1]:9191' }, {}).checkListen).to.deep.equal({ host: '::1', port: 9191 });
    expect(readConfig({ 'check-listen': 'unix:/run/mg.sock' }, {}).checkListen).to.deep.equal({
      socket: '/run/mg.sock',
    });
    for (const listen of ['unix:', '::1:9191', '127.0.0.1', '127.0.0.1:70000', ':9191', 'host:port']) {
      expect(faultsOf({ 'check-listen': listen }), listen).to.have.length(1);
    }
  });

  it('B37 trusts no network of everybody as a proxy, nor what is none', () => {
    for (const networks of ['0.0.0.0/0', '::/0', '10.0.0.0/8,::/0', '*', 'proxy', '10.0.0.0/33', '10.0.0.0/8/8']) {
      expect(faultsOf({ 'trusted-proxies': networks }), networks).to.have.length(1);
    }
    expect(faultsOf({ 'trusted-proxies': '::/0' }).join()).to.include('everybody');
  });

  it('T41 takes no wait longer than a timer can hold', () => {
    const waits = Object.values(settings).filter(({ placeholder }) => placeholder === 'MS');
    expect(waits).to.not.deep.equal([]);
    for (const { flag } of waits) {
      expect(faultsOf({ [flag]: 2 ** 31 }), flag).to.have.length(1);
    }
  });
});
