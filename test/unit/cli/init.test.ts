import { expect } from 'chai';
import { cli } from '../../support/cli.ts';

const fakeInit = async (data: string, username: string) => `key of ${username} in ${data}`;

describe('modelgate init', () => {
  it('prints the legacy key alone on standard output', async () => {
    const { code, stdout, stderr } = await cli(['init', '--admin', 'ada'], { init: fakeInit });
    expect(code).to.equal(0);
    expect(stdout).to.equal('key of ada in ./modelgate-data\n');
    expect(stderr).to.include('modelgate serve --data ./modelgate-data');
  });

  it('T35 prints a sign-in link behind the key where standard output is a terminal', async () => {
    const firstSignIn = async (data: string, origin: string) => ({ username: 'ada', url: `${origin} of ${data}` });
    const options = { init: fakeInit, firstSignIn, columns: 80 };
    const { stdout, stderr } = await cli(['init', '--admin', 'ada'], options);
    expect(stdout).to.equal(
      'key of ada in ./modelgate-data\nsign in as ada, once, within 10 minutes: http://127.0.0.1:9192 of ./modelgate-data\n',
    );
    expect(stderr).to.not.contain('sign in as');
    const env = { MODELGATE_ADMIN_URL: 'https://models.example.com' };
    expect((await cli(['init', '--admin', 'ada'], { ...options, env })).stdout).to.contain(
      `${env.MODELGATE_ADMIN_URL} of`,
    );
  });

  it('takes the data directory from its flag, else from MODELGATE_DATA, whatever else is set', async () => {
    const env = { MODELGATE_DATA: '/from/env', MODELGATE_DRAIN_MS: 'broken' };
    const fromEnv = await cli(['init', '--admin', 'ada'], { init: fakeInit, env });
    const fromFlag = await cli(['init', '--admin', 'ada', '--data', '/flag'], { init: fakeInit, env });
    expect([fromEnv.stdout, fromFlag.stdout]).to.deep.equal(['key of ada in /from/env\n', 'key of ada in /flag\n']);
  });

  it('O19 suggests a command that a shell reads as it is meant, whatever the folder is called', async () => {
    const { stderr } = await cli(['init', '--admin', 'ada', '--data', "my models' site"], { init: fakeInit });
    expect(stderr).to.include("modelgate serve --data 'my models'\\'' site'\n");
  });

  it('refuses a name that no user may have, with exit code 2', async () => {
    for (const name of ['', 'a b', '../x', '-']) {
      const { code, stderr } = await cli(['init', `--admin=${name}`]);
      expect(code, name).to.equal(2);
      expect(stderr, name).to.match(/^modelgate: --admin must be 1 to 128 of letters/);
    }
  });

  it('tells that the key is lost, with exit code 1, where it can not be written', async () => {
    const stdoutFault = Object.assign(new Error('full'), { code: 'ENOSPC' });
    const { code, stderr } = await cli(['init', '--admin', 'ada'], { init: fakeInit, stdoutFault });
    expect(code).to.equal(1);
    expect(stderr).to.include("standard output can't be written (ENOSPC)\n  the key is lost");
  });

  it('recovers a lost key only where it is told to, and prints the new one alone', async () => {
    const recover = async (data: string, admin: string) => `mgl_of_${admin}_in_${data}`;
    const line = ['init', '--recover', '--admin', 'ada', '--data', '/data'];
    const { code, stdout, stderr } = await cli(line, { recover });
    expect([code, stdout]).to.deep.equal([0, 'mgl_of_ada_in_/data\n']);
    expect(stderr).to.contain('has a new legacy key').and.to.not.contain('mgl_');
  });
});
