import { expect } from 'chai';
import type { Served } from '../../../src/cli/surroundings.ts';
import type { Config } from '../../../src/config/read-config.ts';
import { environmentName, settings } from '../../../src/config/serve-settings.ts';
import { cli } from '../../support/cli.ts';

const served: Served = {
  checkPort: 40001,
  adminPort: 40002,
  firstSignIn: async origin => ({ username: 'ada', url: `${origin}/#/sign-in?token=T` }),
  close: async () => undefined,
};

function jsonLines(text: string): Record<string, unknown>[] {
  const lines = text.split('\n').filter(line => line !== '');
  return lines.map(line => JSON.parse(line));
}

describe('modelgate serve', () => {
  it('lists every fault of the settings, one a line and nothing else, with exit code 2', async () => {
    const env = { MODELGATE_LOG_LEVEL: 'loud', MODELGATE_LOG_FORMAT: 'text' };
    expect(await cli(['serve', '--drain-ms', 'soon'], { env })).to.deep.equal({
      code: 2,
      stdout: '',
      stderr:
        '--drain-ms (MODELGATE_DRAIN_MS): "soon" must be a whole number from 0 to 600000\n' +
        '--log-level (MODELGATE_LOG_LEVEL): "loud" must be one of debug, info, warn, error\n',
    });
  });

  it('takes a flag before its environment variable, and that before the default', async () => {
    const configs: Config[] = [];
    const serve = async (config: Config) => {
      configs.push(config);
      return served;
    };
    const env = { MODELGATE_DATA: 'from-env', MODELGATE_DRAIN_MS: '7' };
    await cli(['serve', '--drain-ms', '5', '--check-listen=unix:/tmp/s'], { env, serve });
    const [{ data, drainMs, checkListen, logLevel }] = configs as [Config];
    expect({ data, drainMs, checkListen, logLevel }).to.deep.equal({
      data: 'from-env',
      drainMs: 5,
      checkListen: { socket: '/tmp/s' },
      logLevel: 'info',
    });
  });

  it('says where it really listens', async () => {
    const argv = ['serve', '--check-listen', '127.0.0.1:0', '--admin-listen', '[::1]:0'];
    const { code, stderr } = await cli([...argv, '--log-format=text'], { serve: async () => served });
    expect(stderr).to.equal(
      'modelgate serve: checks (gRPC) on 127.0.0.1:40001\nmodelgate serve: admin API (HTTP) on http://[::1]:40002\n',
    );
    expect(code).to.equal(0);
  });

  it('T35 prints a sign-in link on standard output where that is a terminal, and nowhere else', async () => {
    const link = (origin: string) => `sign in as ada, once, within 10 minutes: ${origin}/#/sign-in?token=T\n`;
    const at = async (...flags: string[]) =>
      (await cli(['serve', ...flags], { columns: 80, serve: async () => served })).stdout;
    expect(await at()).to.equal(link('http://127.0.0.1:40002'));
    expect(await at('--admin-listen', '0.0.0.0:0')).to.equal(link('http://localhost:40002'));
    expect(await at('--admin-listen', '[::1]:0')).to.equal(link('http://[::1]:40002'));
    expect(await at('--admin-url', 'https://models.example.com')).to.equal(link('https://models.example.com'));
    const { stdout, stderr } = await cli(['serve'], { serve: async () => served });
    expect(stdout + stderr).to.not.contain('token');
    const signedIn = { ...served, firstSignIn: async () => undefined };
    expect((await cli(['serve'], { columns: 80, serve: async () => signedIn })).stdout).to.equal('');
  });

  it('writes lines of JSON on standard error and nothing else, unless text is asked for', async () => {
    const argv = ['serve', '--check-listen', '127.0.0.1:0', '--admin-listen', '[::1]:0'];
    const { stderr } = await cli(argv, { serve: async () => served });
    const lines = jsonLines(stderr).map(({ time: _, ...line }) => line);
    expect(lines).to.deep.equal([
      { level: 30, part: 'checks', protocol: 'gRPC', on: '127.0.0.1:40001', msg: 'listening' },
      { level: 30, part: 'admin API', protocol: 'HTTP', on: 'http://[::1]:40002', msg: 'listening' },
    ]);
  });

  it('tells why a start failed in the form of the log, whatever was wrong', async () => {
    const serve = async () => {
      throw new TypeError('the port is taken');
    };
    const faultsOf = async (...flags: string[]) => {
      const { stderr } = await cli(['serve', ...flags], { serve });
      return jsonLines(stderr).map(({ level, msg, faults }) => ({ level, msg, fault: (faults as string[])[0] }));
    };
    const told = { level: 60, msg: 'not started' };
    expect(await faultsOf()).to.deep.equal([{ ...told, fault: 'modelgate: the port is taken' }]);
    expect((await faultsOf('--drain-ms', 'soon'))[0]?.fault).to.include('--drain-ms (MODELGATE_DRAIN_MS): "soon"');
    expect((await faultsOf('--log-format', 'xml'))[0]?.fault).to.include('must be one of auto, json, text');
    expect((await faultsOf('--nope'))[0]?.fault).to.include('nope');
  });

  it('closes on a signal, within the drain and 5 seconds', async () => {
    const closed: number[] = [];
    await cli(['serve', '--drain-ms', '200'], {
      serve: async () => ({ ...served, close: async () => void closed.push(1) }),
      closeOnSignal: (close, delayMs) => void close().then(() => closed.push(delayMs)),
    });
    expect(closed).to.deep.equal([1, 5200]);
  });

  it('tells why a start failed in one line without a stack trace, with exit code 1', async () => {
    const serve = async () => {
      throw new TypeError('the port is taken');
    };
    expect(await cli(['serve', '--log-format', 'text'], { serve })).to.deep.equal({
      code: 1,
      stdout: '',
      stderr: 'modelgate: the port is taken\n',
    });
  });

  it('shows every setting in its help, with its variable and default', async () => {
    const { stdout } = await cli(['serve', '--help']);
    for (const { flag, fallback } of Object.values(settings)) {
      const [, about = ''] = stdout.split(`--${flag} `);
      const words = about.split('\n      --')[0]?.replaceAll(/\s+/g, ' ');
      expect(words, flag).to.include(`(${environmentName(flag)})`);
      expect(words, flag).to.include(fallback === '' ? '' : `[default: ${fallback}]`);
    }
  });
});
