import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CliSite, startCliSite } from '../support/cli-site.ts';

const document = `
users:
  - username: ada
  - username: ben
teams:
  - team: risk
    members: [{username: ben, permission: read}]
projects:
  - project_id: fraud
    owner: {username: ada}
    team_collaborators: [{team: risk, mode: inherit}]
    models:
      - {model_id: fraud-new}
      - {model_id: fraud-old, access_key: mabcdefghijklmnopqrstuv0123}
`;

describe('modelgate, the command line, on a server', () => {
  const secrets: string[] = [];
  let site: CliSite;
  let siteFile: string;
  const modelgate: CliSite['modelgate'] = (...given) => site.modelgate(...given);
  const printed: CliSite['printed'] = (...given) => site.printed(...given);

  async function secretOf(line: string): Promise<string> {
    const stdout = await printed(line);
    secrets.push(stdout.trim());
    return stdout;
  }

  before(async () => {
    site = await startCliSite();
    siteFile = join(site.folder, 'site.yaml');
    writeFileSync(siteFile, document);
  });
  after(() => site.close());

  it('status says that the server is ready', async () => {
    const { ready, components } = JSON.parse(await printed('status -o json'));
    expect(ready).to.equal(true);
    expect(Object.keys(components)).to.include.members(['store', 'snapshot']);
  });

  it('apply --dry-run shows the steps that apply then takes, and a second apply has none', async () => {
    const planned = await printed(`apply -f ${siteFile} --dry-run`);
    const { stdout, stderr } = await modelgate(`apply -f ${siteFile}`);
    expect(stdout)
      .to.equal(planned)
      .and.match(/^create +model +fraud-new +- +-$/m);
    expect(stderr).to.match(/^revision \d+\n$/);
    expect(await printed(`apply -f ${siteFile}`)).to.equal('nothing to change\n');
  });

  it('apply refuses a document with a line for each fault, and changes nothing', async () => {
    const before = await printed('export');
    const bad = 'users:\n  - username: carl\n  - username: "c d"\nprojects:\n  - {project_id: p, visibility: secret}\n';
    const { code, stdout, stderr } = await modelgate('apply -f -', bad);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.match(/^ {2}standard input:3: users\.1\.username: must be .+$/m);
    expect(stderr).to.match(/^ {2}standard input:5: projects\.0\.visibility: .+$/m);
    expect(await printed('export')).to.equal(before);
  });

  it('an applied export changes nothing, in YAML and in JSON, with and without access keys', async () => {
    const ways = ['export', 'export -o json', 'export --access-keys', 'export --access-keys -o json'];
    const applied = ways.map(async how => {
      const document = await printed(how);
      expect(document, how).to.include('fraud-old');
      expect(document.includes('mabcdefghijklmnopqrstuv0123'), how).to.equal(how.includes('--access-keys'));
      expect(await printed('apply -f -', document), how).to.equal('nothing to change\n');
    });
    await Promise.all(applied);
  });

  it('B28 keys create prints the secret once and alone; nothing that is shown or stored later holds it', async () => {
    const secret = await secretOf('keys create --user ada --comment laptop --audience API --model fraud-new');
    expect(secret).to.match(/^mgk_[0-9A-Za-z]{49}\n$/);
    const [key] = JSON.parse(await printed('keys list --user ada -o json'));
    expect(key)
      .to.include({ username: 'ada', comments: 'laptop' })
      .and.deep.include({ models: ['fraud-new'] });
    const names = readdirSync(site.data, { withFileTypes: true }).filter(entry => entry.isFile());
    const files = names.map(({ name }) => readFileSync(join(site.data, name), 'latin1'));
    const seen = [JSON.stringify(key), await printed('export --access-keys'), site.server.logged.join(''), ...files];
    expect(seen.join('\n')).to.not.include(secret.trim());
  });

  it('keys validate says whose key it is, and exits with 1 for any other text', async () => {
    const secret = await secretOf('keys create --user ben');
    expect(await printed('keys validate', secret)).to.equal('valid: ben\n');
    const { code, stdout } = await modelgate('keys validate', `${secret.trim()}x`);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
  });

  it('B29 keys create refuses an expiry in the past or beyond the limit, naming the latest date', async () => {
    for (const expiry of ['2001-01-01', '2999-12-31', 'soon']) {
      const { code, stdout, stderr } = await modelgate(`keys create --user ada --expiry ${expiry}`);
      expect({ code, stdout }, expiry).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr, expiry).to.match(expiry === 'soon' ? /is no date/ : /\d{4}-\d{2}-\d{2}$/m);
    }
  });

  it('B30 keys delete takes one key, or all of a user with their count', async () => {
    await printed('keys delete --all --user ben');
    await Promise.all([1, 2, 3].map(() => secretOf('keys create --user ben')));
    const [{ key_id }] = JSON.parse(await printed('keys list --user ben -o json'));
    expect(await printed(`keys delete ${key_id} --user ben`)).to.equal(`deleted API key ${key_id} of ben\n`);
    expect(await printed('keys delete --all --user ben')).to.equal('deleted 2 API keys of ben\n');
    expect((await modelgate('keys list --user ben')).stderr).to.equal('ben has no API keys\n');
    expect((await modelgate(`keys delete ${key_id} --user ben`)).code).to.equal(1);
  });

  it('B33 models regenerate-key prints the access key that the model then has', async () => {
    const before = JSON.parse(await printed('models get fraud fraud-new -o json')).access_key;
    const regenerated = await printed('models regenerate-key fraud fraud-new');
    expect(regenerated)
      .to.match(/^m[0-9a-z]{31}\n$/)
      .and.not.equal(`${before}\n`);
    const { access_key } = JSON.parse(await printed('models get fraud fraud-new -o json'));
    expect(`${access_key}\n`).to.equal(regenerated);
  });

  it('B34 models auth: off for what was brought in, and on for all of a project in one call', async () => {
    const authentication = async () => {
      const models: { model_id: string; auth_enabled: boolean }[] = JSON.parse(await printed('models list -o json'));
      return models.map(({ model_id, auth_enabled }) => `${model_id} ${auth_enabled}`);
    };
    expect(await authentication()).to.deep.equal(['fraud-new true', 'fraud-old false']);
    expect(await printed('models auth off fraud fraud-new')).to.equal('authentication of fraud-new is off\n');
    const enabled = await printed('models auth on --all --project fraud');
    expect(enabled).to.equal('authentication switched on for 2 models\n');
    expect(await authentication()).to.deep.equal(['fraud-new true', 'fraud-old true']);
  });

  it('models update changes what is named, and list shows it', async () => {
    await printed('models update fraud fraud-old --state stopped --target old-cluster --name Old');
    expect(await printed('models list --project fraud')).to.match(/^fraud +fraud-old +on +stopped +Old +old-cluster$/m);
  });

  it('B35 users create shows no legacy key; rotate-legacy-key does, and ends the one before', async () => {
    const created = await modelgate('users create carl --name Carl');
    expect(created.stdout + created.stderr).to.not.include('mgl_');
    const file = await site.keyFileOf('carl');
    secrets.push(readFileSync(file, 'utf8').trim());
    expect(JSON.parse(await printed('users get carl -o json', '', file))).to.include({
      username: 'carl',
      name: 'Carl',
    });
    const newer = await secretOf('users rotate-legacy-key carl');
    expect((await modelgate('users get carl', '', file)).code).to.equal(1);
    writeFileSync(file, newer);
    expect(await printed('users get carl', '', file)).to.match(/^username +carl$/m);
    expect((await modelgate('users list', '', file)).stderr).to.equal('modelgate: only a site admin may do this\n');
  });

  it('users update changes what is named', async () => {
    await printed('users create dora');
    await printed('users update dora --site-admin true --name Dora');
    expect(await printed('users list')).to.match(/^dora +Dora +0 +- +yes +yes +0$/m);
    await printed('users update dora --deactivated true');
    expect(await printed('users list')).to.match(/^dora +Dora +0 +- +no +yes +0$/m);
  });

  it('never writes a secret to standard error', () => {
    const written = site.stderr() + site.server.logged.join('');
    expect(secrets).to.have.length.greaterThan(6);
    expect(secrets.filter(secret => written.includes(secret))).to.deep.equal([]);
  });

  it('exits with 1 for what is refused or unreachable, with 2 for what is not understood', async () => {
    expect((await modelgate('users get nobody')).code).to.equal(1);
    expect((await modelgate('users list --server http://127.0.0.1:9')).code).to.equal(1);
    expect((await modelgate('users list', '', '')).code).to.equal(2);
    expect((await modelgate('users list --nope')).code).to.equal(2);
  });
});
