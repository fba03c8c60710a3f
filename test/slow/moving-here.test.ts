import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { modelCall } from '../support/check-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { runInBash } from '../support/shell.ts';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
const guide = readFileSync(join(docs, 'moving-here.md'), 'utf8');
/** The commands of the guide, a block each. */
const blocks = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
const [fraudKey, churnKey] = ['mfraud00000000000000000000000old', 'mchurn00000000000000000000000old'];
const victorsKey = 'old-gateway-key-of-victor-5f0c7e21';

describe('docs/moving-here.md, its commands run as they stand', () => {
  const checkout = dataDirectory();
  let server: TestServer;

  before(async () => {
    server = await startServer();
    symlinkSync(docs, join(checkout, 'docs'));
    writeFileSync(join(checkout, 'root.key'), server.admin.key, { mode: 0o600 });
  });
  after(() => server.close());

  /** Runs some blocks of the guide, one after the other, where the first of them has led. */
  const run = (script: readonly string[], cwd = join(checkout, 'moving')) =>
    runInBash(script.join(''), {
      folder: checkout,
      cwd,
      env: { MODELGATE_SERVER: server.admin.url, MODELGATE_KEY_FILE: join(checkout, 'root.key') },
    });

  async function called(accessKey: string, bearer?: string): Promise<number | undefined> {
    const call = modelCall({ accessKey, ...(bearer === undefined ? {} : { bearer }) });
    const { deniedResponse } = await server.checks.check(call);
    return deniedResponse?.status?.code;
  }

  it('B34 B42 bring the models with their access keys, and the keys as digests, in one step that can be repeated', async () => {
    const { code, stdout, stderr } = await run(blocks.slice(0, 4), checkout);
    expect({ code, stderr: stderr.replace(/revision \d+/g, 'revision N') }).to.deep.equal({
      code: 0,
      stderr: 'revision N\ndry run: nothing was changed\nrevision N\nrevision N\n',
    });
    expect(stdout)
      .to.match(/nothing to change\n/)
      .and.match(/moved-[0-9a-f]{16} /);
    expect(stdout + stderr).to.not.include('old-gateway-key');
    expect(existsSync(join(checkout, 'moving/keys.csv'))).to.equal(false);
  }).timeout(90_000);

  it('B34 leave every call answered that was answered: access keys alone, and with the keys that callers have', async () => {
    expect([await called(fraudKey), await called(churnKey), await called(fraudKey, victorsKey)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    const { body } = await server.admin.get('/api/v2/projects/risk/models/fraud');
    expect(body).to.include({ auth_enabled: false, access_key: fraudKey, name: 'Fraud, second version' });
  });

  it('B45 count whom authentication would refuse, and name them', async () => {
    expect((await run([blocks[4]?.split('\n')[0] ?? ''])).code).to.equal(0);
    expect(await called(fraudKey)).to.equal(undefined);
    const { stdout } = await run([blocks[4]?.split('\n')[1] ?? '']);
    expect(stdout).to.match(/api_key_missing +1/);
  });

  it('B19 then ask for a key, and take those that were brought in', async () => {
    const { code, stdout } = await run([blocks[5] ?? '']);
    expect({ code, stdout }).to.deep.equal({
      code: 0,
      stdout: 'authentication of fraud is on\nauthentication switched on for 1 model\n',
    });
    expect([
      await called(fraudKey),
      await called(fraudKey, victorsKey),
      await called(churnKey, victorsKey),
    ]).to.deep.equal([401, undefined, undefined]);
    expect(blocks).to.have.length(6);
  });

  describe('its script', () => {
    const make = (files: Readonly<Record<string, string | Buffer>>) => {
      const folder = dataDirectory();
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, `${name}.csv`), content);
      const given = Object.keys(files).map(name => `--${name} ${name}.csv`);
      return run([`node ${docs}/moving-here/site-from-csv.mjs ${given.join(' ')}`], folder);
    };
    const head = 'project,owner,model,access_key\n';

    it('reads quoted cells, line ends of Windows and digests from elsewhere', async () => {
      const digest = 'AB'.repeat(32);
      const keys = `\uFEFFdigest,owner,comment,key_id\r\n${digest},ada,"one ""two""\nthree",k-1\r\n`;
      const { stdout } = await make({ models: `${head}p,ada,m,access-key-0123456789\n`, keys });
      expect(JSON.parse(stdout).api_keys).to.deep.equal([
        {
          key_id: 'k-1',
          username: 'ada',
          digest: digest.toLowerCase(),
          expiry_date: null,
          comments: 'one "two"\nthree',
        },
      ]);
    });

    for (const [what, files, says] of [
      ['a column that it does not know', { models: 'project,owner,model,key\n' }, 'models.csv: its columns must be'],
      ['a cell that is missing', { models: `${head}p,ada,m\n` }, 'models.csv:2: has 3 cells, not 4'],
      ['an empty cell', { models: `${head}p,,m,k\n` }, 'models.csv:2: owner is empty'],
      ['a stray quote', { models: `${head}p,ada,m,a"b\n` }, 'models.csv:2: a quote stands where none may'],
      ['another owner', { models: `${head}p,a,m,k\np,b,n,l\n` }, 'models.csv:3: project p has the owner a above'],
      [
        'a key and a digest',
        { keys: 'owner,key,digest\nada,secret-0,00\n' },
        'keys.csv:2: give either the key or its digest',
      ],
      ...[
        ['an authorization header', 'Bearer secret-0123456789', 'the key begins with Bearer'],
        ['a blank', 'secret-0 123456789', 'the key holds a blank'],
        ['a comma', '"secret-0,123456789"', 'the key holds a blank, a comma'],
        ['a line break', '"secret-0\n123456789"', 'the key holds a blank, a comma, a line break'],
        ['a letter beyond ASCII', 'secret-0ü23456789', 'the key holds'],
        ['a rounded number', '1.23457E+17', 'the key is a number that a spreadsheet rounded'],
        ['too little', 'four', 'the key has less than 8 characters'],
      ].map(
        ([what, key, says]) =>
          [`a key that is ${what}`, { keys: `owner,key\nada,${key}\n` }, `keys.csv:2: ${says}`] as const,
      ),
      [
        'a key that has expired',
        { keys: 'owner,key,expires\nada,secret-0123456789,2020-01-31\n' },
        'keys.csv:2: the key has expired',
      ],
      [
        'a table in Windows-1252',
        { keys: Buffer.from('owner,key,comment\nada,secret-0123456789,M\xfcller\n', 'latin1') },
        'keys.csv:2: is no UTF-8',
      ],
      ['a table in UTF-16', { keys: Buffer.from('\ufeffowner,key\n', 'utf16le') }, 'keys.csv is UTF-16'],
      [
        'a project without models',
        { members: 'project,username,permission\np,a,read\n' },
        'members.csv:2: no model is of project p',
      ],
    ] as const) {
      it(`refuses ${what}, with its place and without a key`, async () => {
        const { code, stdout, stderr } = await make(files);
        expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
        expect(stderr).to.include(says).and.not.include('secret-0');
      });
    }
  });
});
