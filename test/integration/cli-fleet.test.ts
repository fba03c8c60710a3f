import { expect } from 'chai';
import { type CliSite, startCliSite } from '../support/cli-site.ts';

describe('modelgate fleet and wait, where one server is all there is', () => {
  let site: CliSite;
  before(async () => {
    site = await startCliSite();
  });
  after(() => site.close());

  /** The revision that a command says its change is. */
  const revisionOf = async (line: string) => Number(/revision (\d+)/.exec((await site.modelgate(line)).stderr)?.[1]);

  it('fleet shows the revision that checks see, and that nobody follows', async () => {
    const revision = await revisionOf('users create ada');
    const fleet = JSON.parse(await site.printed('fleet -o json'));
    expect(fleet).to.deep.equal({ revision, oldest_revision: revision, sidecars: [] });
    const { stdout, stderr } = await site.modelgate('fleet');
    expect(stdout).to.match(new RegExp(`^oldest_revision +${revision}$`, 'm'));
    expect(stderr).to.equal('no sidecars: this server alone answers checks\n');
  });

  it('B38 wait ends at once for a change that was told', async () => {
    const revision = await revisionOf('users create ben');
    expect(await site.printed(`wait --revision ${revision} --timeout-seconds 0`)).to.equal(
      `in force everywhere: revision ${revision}, which holds ${revision}\n`,
    );
    expect(JSON.parse(await site.printed(`wait --revision 1 -o json`))).to.include({ oldest_revision: revision });
  });

  it('wait goes on until another change has made the revision', async () => {
    const next = (await revisionOf('users create carl')) + 1;
    const waiting = site.printed(`wait --revision ${next}`);
    await site.printed('users create dora');
    expect(await waiting).to.include(`which holds ${next}`);
  });

  it('wait is refused with 1, and says how it stands, where the revision does not come in time', async () => {
    const { code, stdout, stderr } = await site.modelgate('wait --revision 9999 --timeout-seconds 0');
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.match(/revision 9999 is not in force everywhere: the newest is (\d+), checks see \1\n/);
  });
});
