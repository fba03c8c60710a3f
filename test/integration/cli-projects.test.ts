import { expect } from 'chai';
import { type CliSite, startCliSite } from '../support/cli-site.ts';

describe('modelgate, the command line, on a server: projects, collaborators, teams and models', () => {
  let site: CliSite;
  const modelgate: CliSite['modelgate'] = (...given) => site.modelgate(...given);
  const printed: CliSite['printed'] = (...given) => site.printed(...given);

  before(async () => {
    site = await startCliSite();
    await printed('users create ada');
    await printed('users create ben');
    await printed('applications create bot');
  });
  after(() => site.close());

  it('a user makes a project with a model, lets others in, and deletes all of it', async () => {
    const ada = await site.keyFileOf('ada');
    await printed('projects create risk --name Risk', '', ada);
    const { model_id, access_key, auth_enabled } = JSON.parse(
      await printed('models create risk --name Fraud -o json', '', ada),
    );
    expect([access_key.length, auth_enabled]).to.deep.equal([32, true]);
    await printed('collaborators put risk ben --permission read', '', ada);
    await printed('collaborators put risk bot --permission operator', '', ada);
    expect(await printed('collaborators list risk', '', ada)).to.match(
      /^user +ben +- +read\napplication +bot +- +operator$/m,
    );
    expect(await printed('projects list', '', await site.keyFileOf('ben'))).to.match(/^risk +Risk +ada +private /m);
    expect(await printed('collaborators delete risk ben', '', ada)).to.equal('took ben out of project risk\n');
    const refused = await modelgate('projects delete risk', '', ada);
    expect([refused.code, refused.stderr]).to.deep.equal([
      1,
      'modelgate: project risk has 1 model: delete it first, or ask for all at once with cascade=true (--with-models)\n',
    ]);
    expect(await printed(`models delete risk ${model_id}`, '', ada)).to.equal(
      `deleted model ${model_id} of project risk\n`,
    );
    expect(await printed('projects delete risk', '', ada)).to.equal('deleted project risk\n');
  });

  it('a team is made, filled, added to a project, and deleted', async () => {
    await printed('teams create crew --admin ada');
    await printed('teams members put crew ben --permission read', '', await site.keyFileOf('ada'));
    expect(await printed('teams get crew')).to.match(/^ada +admin\nben +read$/m);
    expect(await printed('teams list', '', await site.keyFileOf('ben'))).to.match(/^crew +\d/m);
    await printed('projects create shared --owner ada');
    await printed('collaborators put shared --team crew');
    expect(await printed('collaborators list shared')).to.match(/^team +crew +inherit +as in the team$/m);
    await printed('collaborators delete shared --team crew');
    expect((await modelgate('collaborators list shared')).stderr).to.equal('shared has no collaborators\n');
    expect(await printed('teams members delete crew ben')).to.equal('took ben out of team crew\n');
    await printed('projects update shared --owner-team crew --visibility organization');
    expect((await modelgate('teams delete crew')).stderr).to.include('team crew owns 1 project');
    await printed('projects delete shared --with-models');
    expect(await printed('teams delete crew')).to.equal('deleted team crew\n');
  });

  it('apply --prune deletes what the document does not name, and tells what; with --dry-run only what it would', async () => {
    await printed('projects create old --owner ben');
    await printed('models create old --id old-model');
    const document = 'projects: []\n';
    const planned = await modelgate('apply -f - --prune --dry-run', document);
    expect(planned.stderr).to.include('dry run: nothing was changed\n');
    const pruned = await modelgate('apply -f - --prune', document);
    expect(pruned.stdout)
      .to.equal(planned.stdout)
      .and.match(/^delete +model +old-model +- +-? *\ndelete +project +old +- +-? *$/m);
    expect(pruned.stderr).to.match(/^revision \d+\ndeleted 2 of these, for good\n$/);
    expect(await printed('apply -f - --prune', await printed('export'))).to.equal('nothing to change\n');
  });

  it('apply tells the line of a name that is not there', async () => {
    const { code, stderr } = await modelgate('apply -f -', 'projects:\n  - project_id: p\n    owner: {team: none}\n');
    expect(code).to.equal(1);
    expect(stderr).to.include('standard input:3: projects.0.owner.team: there is no team none');
  });
});
