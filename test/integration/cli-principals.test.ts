import { expect } from 'chai';
import { type CliSite, startCliSite } from '../support/cli-site.ts';

describe('modelgate, the command line, on a server: users, applications and their keys', () => {
  let site: CliSite;
  const modelgate: CliSite['modelgate'] = (...given) => site.modelgate(...given);
  const printed: CliSite['printed'] = (...given) => site.printed(...given);

  const keysOf = async (owner: string) => JSON.parse(await printed(`keys list ${owner} -o json`));

  before(async () => {
    site = await startCliSite();
    await printed('users create ada');
  });
  after(() => site.close());

  it('applications are made, shown, changed and deleted, by their owner too', async () => {
    const adaKey = await site.keyFileOf('ada');
    await printed('applications create batch', '', adaKey);
    await printed('applications create cron');
    expect(await printed('applications list', '', adaKey)).to.match(/^batch +ada +yes +yes +0 +0 +-$/m);
    expect(JSON.parse(await printed('applications list --owner root -o json'))[0]).to.include({ name: 'cron' });
    await printed('applications update batch --owner root');
    expect((await modelgate('applications get batch', '', adaKey)).stderr).to.equal(
      'modelgate: there is no application batch\n',
    );
    expect(await printed('applications delete batch')).to.equal('deleted application batch\n');
  });

  it('B43 keys rotate prints the secret of the successor alone; the list shows who replaces whom', async () => {
    await printed('applications create nightly');
    const old = await printed('keys create --application nightly --comment laptop');
    const [{ key_id }] = await keysOf('--application nightly');
    const secret = await printed(`keys rotate ${key_id} --application nightly --overlap-seconds 60`);
    expect(secret).to.match(/^mgk_[0-9A-Za-z]{49}\n$/);
    for (const key of [old, secret]) {
      expect(await printed('keys validate', key)).to.equal('valid: nightly\n');
    }
    const successor = (await keysOf('--application nightly')).find(
      (key: { replaces: string }) => key.replaces === key_id,
    );
    expect(await printed('keys list --application nightly')).to.match(
      new RegExp(`^${key_id} .*${successor.key_id}`, 'm'),
    );
    expect(site.stderr()).to.not.include(secret.trim()).and.not.include(old.trim());
  });

  it('B46 keys revoke ends the key that it is given on standard input, and the audit says so', async () => {
    const secret = await printed('keys create --user ada');
    const [{ key_id }] = await keysOf('--user ada');
    expect(await printed('keys revoke', secret, '')).to.equal(`revoked API key ${key_id}\n`);
    expect((await modelgate('keys validate', secret)).stderr).to.include('unknown, deleted or ended');
    expect((await modelgate('keys revoke', `${secret.trim()}x`)).code).to.equal(1);
    const audit = await printed('audit list --action api_key.revoke_by_holder');
    expect(audit).to.match(new RegExp(`api_key:${key_id} +127\\.0\\.0\\.1 +api_key\\.revoke_by_holder +${key_id}`));
  });

  it('T35 users sign-in-link prints a link to this server, alone', async () => {
    const link = await printed('users sign-in-link ada');
    expect(link).to.match(/^http:\/\/127\.0\.0\.1:\d+\/#\/sign-in\?token=mgs_\w{49}\n$/);
    const told = JSON.parse(await printed('users sign-in-link ada -o json'));
    expect(Object.keys(told)).to.deep.equal(['url', 'expires_at']);
    expect(site.stderr()).to.contain('whoever opens this link first is signed in as ada').and.not.contain('mgs_');
  });

  it('T34 users link-identity and unlink-identity say who a user is at a provider', async () => {
    const linked = await printed('users link-identity ada --subject sub-1 --issuer https://id.example.org');
    expect(linked)
      .to.match(/^issuer +https:\/\/id\.example\.org$/m)
      .and.to.match(/^subject +sub-1$/m);
    expect((await modelgate('users link-identity ada --subject sub-1')).stderr).to.contain(
      'no OpenID provider is set up',
    );
    expect(await printed('users unlink-identity ada')).to.equal('ada no longer signs in at a provider\n');
    expect((await modelgate('users unlink-identity ada')).code).to.equal(1);
  });

  it('users delete takes a user that owns nothing', async () => {
    await printed('users create eve');
    await printed('applications create hers --owner eve');
    const refused = await modelgate('users delete eve');
    expect([refused.code, refused.stderr]).to.deep.equal([
      1,
      'modelgate: eve still owns application hers: give them another owner, or delete them, first\n',
    ]);
    await printed('applications delete hers');
    expect(await printed('users delete eve')).to.equal('deleted user eve\n');
    expect((await modelgate('users get eve')).code).to.equal(1);
  });

  it('settings set changes what is named, and get shows all', async () => {
    await printed('settings set --default-api-key-expiration-days 90');
    expect(await printed('settings get')).to.match(/^default_api_key_expiration_days +90$/m);
    expect((await modelgate('settings set --default-api-key-expiration-days 0')).stderr).to.equal(
      'modelgate: default_api_key_expiration_days: must be at least 1\n',
    );
  });

  it('audit list follows the pages up to its limit, and filters', async () => {
    const all = JSON.parse(await printed('audit list --limit 5000 -o json'));
    expect(all.length).to.be.greaterThan(10);
    expect(JSON.parse(await printed('audit list --limit 3 -o json'))).to.deep.equal(all.slice(0, 3));
    const created = JSON.parse(await printed('audit list --action user.create --target ada -o json'));
    expect(created).to.have.length(1);
    expect((await modelgate('audit list --until 2001-01-01')).stderr).to.equal('no such changes\n');
  });
});
