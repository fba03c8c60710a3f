import { expect } from 'chai';
import { siteDocument } from '../../../src/admin/schemas/site.ts';
import { parseSite } from '../../../src/admin/site/document/parse-site.ts';

const whole = {
  settings: { stale_after_seconds: 5 },
  users: [{ username: 'ada', site_admin: true }],
  applications: [{ name: 'bot', owner: 'ada' }],
  teams: [{ team: 'crew', members: [{ username: 'ada', permission: 'admin' }] }, { team: 'bare' }],
  projects: [
    {
      project_id: 'p',
      owner: { team: 'crew' },
      collaborators: [],
      team_collaborators: [{ team: 'crew', mode: 'inherit' }],
      models: [{ model_id: 'm', auth_enabled: false }],
    },
  ],
  api_keys: [{ key_id: 'k', username: 'ada', digest: 'a'.repeat(64), models: ['m'], expiry_date: null }],
};

/** One fault in every place that can have one. */
const faulty = {
  setings: {},
  users: [{ username: 'ada' }, { username: 'a b' }, 7],
  applications: [{ name: 'bot' }],
  teams: [
    { team: '', members: [{ username: 'ada', permission: 'all' }] },
    { team: 'crew', members: {} },
  ],
  projects: [{ project_id: 'p', colour: 'red', models: [{ model_id: 'm', target: '' }, null] }],
  api_keys: 'none',
};

const fieldsOf = (issues: readonly { path: readonly PropertyKey[]; keys?: readonly string[] }[]) =>
  issues.map(({ path, keys = [] }) => [...path, ...keys].join('.')).sort();

describe('a site document that is checked in stretches', () => {
  it('comes out as its schema has it, with its defaults, and with what is absent left absent', async () => {
    for (const document of [whole, {}, { users: [] }, { projects: [{ project_id: 'p' }] }]) {
      expect(await parseSite(document)).to.deep.equal(siteDocument.parse(document));
    }
    expect(await parseSite({})).to.deep.equal({});
  });

  it('has the faults that its schema finds, each at its place', async () => {
    const { error } = siteDocument.safeParse(faulty);
    const refused = await parseSite(faulty).catch(fault => fault);
    const fields = refused.details.map(({ field }: { field: string }) => field).sort();
    expect(fields).to.deep.equal(fieldsOf((error?.issues ?? []) as never));
    expect(fields).to.have.length.greaterThan(9);
  });

  it('is refused where it is no object, or a list in it is too long', async () => {
    for (const document of [null, undefined, [], 'users', { users: Array.from({ length: 1_000_001 }, () => 0) }]) {
      const refused = await parseSite(document).catch(fault => fault);
      expect([refused.statusCode, refused.details.length]).to.deep.equal([400, 1]);
    }
  });

  it('T33 lets everything else have its turn in between', async () => {
    const users = Array.from({ length: 50_000 }, (_, n) => ({ username: `user-${n}` }));
    let turns = 0;
    let done = false;
    const count = () => {
      turns += 1;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    expect((await parseSite({ users })).users).to.have.length(50_000);
    done = true;
    expect(turns).to.be.greaterThan(2);
  });
});
