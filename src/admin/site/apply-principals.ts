import { fieldError } from '../api-error.ts';
import { newSiteUser, type SiteDocument, type SiteUser } from '../schemas/site.ts';
import { insertUser } from '../site-users.ts';
import { type Apply, differs, given } from './step.ts';

export async function applyUsers(apply: Apply, users: readonly SiteUser[]): Promise<void> {
  for (const user of users) {
    const { username, ...wanted } = user;
    const old = await apply.writes.findUser(username);
    if (!old) {
      await createUser(apply, user);
    } else if (differs(old, wanted)) {
      await apply.step('update', 'user', username, () => apply.writes.updateUser(username, given(wanted)));
    }
  }
}

async function createUser({ writes, now, step }: Apply, { deactivated, ...fields }: SiteUser): Promise<void> {
  await step('create', 'user', fields.username, async () => {
    await insertUser(writes, newSiteUser.parse(fields), now);
    if (deactivated) {
      await writes.updateUser(fields.username, { deactivated });
    }
  });
}

export async function applyApplications(
  { writes, now, step }: Apply,
  applications: SiteDocument['applications'],
): Promise<void> {
  for (const { name, owner, deactivated } of applications) {
    if (!(await writes.findUser(owner))) {
      throw fieldError(`applications.${name}.owner`, `there is no user ${owner}`);
    }
    const old = await writes.findApplication(name);
    if (!old) {
      const application = { name, owner, deactivated: deactivated ?? false, created_at: now };
      await step('create', 'application', name, () => writes.insertApplication(application));
    } else if (differs(old, { owner, deactivated })) {
      await step('update', 'application', name, () => writes.updateApplication(name, given({ owner, deactivated })));
    }
  }
}

export async function applyTeams({ writes, now, step }: Apply, teams: SiteDocument['teams']): Promise<void> {
  for (const { team, members } of teams) {
    if (!(await writes.findTeam(team))) {
      await step('create', 'team', team, () => writes.insertTeam({ team, created_at: now }));
    }
    const old = new Map((await writes.findTeamMembers([team])).map(each => [each.username, each.permission]));
    for (const { username, permission } of members) {
      if (old.get(username) !== permission) {
        const action = old.has(username) ? 'update' : 'create';
        await step(action, 'team_member', `${team}/${username}`, () =>
          writes.putTeamMember(team, username, permission),
        );
      }
    }
  }
}
