import { expect } from 'chai';
import type { Store, Writes } from '../../src/store/store.ts';
import { author, engines, fillSite } from '../support/store.ts';

/** Changes of everything that has fields, with what the audit tells of each. */
const cases: readonly (readonly [action: string, change: (writes: Writes) => Promise<unknown>, details: object])[] = [
  ['user.update', w => w.updateUser('ben', { name: 'Ben' }), { name: 'Ben', previous: { name: '' } }],
  [
    'team_member.put',
    w => w.putTeamMember('t', 'ben', 'read'),
    { permission: 'read', previous: { permission: 'write' } },
  ],
  [
    'collaborator.put',
    w => w.putCollaborator('p', 'ben', 'admin'),
    { permission: 'admin', previous: { permission: 'read' } },
  ],
  [
    'team_collaborator.put',
    w => w.putTeamCollaborator('p', 't', 'override', 'write'),
    { mode: 'override', permission: 'write', previous: { mode: 'inherit', permission: 'read' } },
  ],
  ['project.update', w => w.updateProject('p', { name: 'P' }), { name: 'P', previous: { name: 'p' } }],
  [
    'model.update',
    w => w.updateModel('fraud', { target: 'v2', access_key: 'm-another-access-key' }),
    { target: 'v2', previous: { target: 'fraud' } },
  ],
  [
    'api_key.update',
    w => w.updateApiKeys([{ key_id: 'k1', changes: { comments: 'ci' } }]),
    { principal: 'ben', comments: 'ci', previous: { comments: '' } },
  ],
  [
    'settings.update',
    w => w.updateSettings({ stale_after_seconds: 5 }),
    { stale_after_seconds: 5, previous: { stale_after_seconds: 0 } },
  ],
  ['collaborator.delete', w => w.deleteCollaborator('p', 'ben'), { previous: { permission: 'admin' } }],
  ['team_member.delete', w => w.deleteTeamMember('t', 'ben'), { previous: { permission: 'read' } }],
];

for (const { name, open } of engines) {
  describe(`B37 old and new values in the audit: ${name}`, () => {
    let store: Store;
    before(async () => {
      store = await open();
      await store.write(author, fillSite);
    });
    after(() => store.close());

    for (const [action, change, details] of cases) {
      it(`${action} tells both`, async () => {
        const { revision } = await store.write(author, change);
        const [event] = await store.read.listAuditEvents({ limit: 1, revision, action });
        expect(event?.details).to.deep.equal(details);
      });
    }

    it('never an access key, neither the old one nor the new one', async () => {
      await store.write(author, writes => writes.deleteModel('fraud'));
      const all = JSON.stringify(await store.read.listAuditEvents({ limit: 1000 }));
      expect(all).to.not.include('m-access-key').and.to.not.include('m-another');
    });
  });
}
