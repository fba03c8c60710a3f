import type { SiteUser } from '../schemas/site.ts';
import { newUser } from '../schemas/users.ts';
import { insertUsers } from '../site-users.ts';
import { type Apply, update, writeAll } from './step.ts';

export async function applyUsers(apply: Apply): Promise<void> {
  const { writes, document, known, now, pace } = apply;
  const created: SiteUser[] = [];
  for (const user of document.users ?? []) {
    const { username, ...wanted } = user;
    const old = known.users.get(username);
    if (!old) {
      created.push(user);
    } else {
      await update(apply, ['user', username], [old, wanted], changed => writes.updateUser(username, changed));
    }
  }
  await writeAll(apply, 'user', created, {
    write: async piece => {
      const users = piece.map(({ deactivated: _, ...fields }) => newUser.parse(fields));
      await insertUsers(writes, users, now, pace);
      for (const { username } of piece.filter(({ deactivated }) => deactivated)) {
        await writes.updateUser(username, { deactivated: true });
      }
    },
    idOf: ({ username }) => username,
  });
}

export async function applyApplications(apply: Apply): Promise<void> {
  const { writes, document, known, now, done } = apply;
  for (const { name, owner, deactivated } of document.applications ?? []) {
    const old = known.applications.get(name);
    if (!old) {
      await writes.insertApplication({ name, owner, deactivated: deactivated ?? false, created_at: now });
      done('create', 'application', name);
    } else {
      await update(apply, ['application', name], [old, { owner, deactivated }], changed =>
        writes.updateApplication(name, changed),
      );
    }
  }
}
