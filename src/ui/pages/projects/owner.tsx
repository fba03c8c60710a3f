import type { ProjectOwner } from '../../../admin/schemas/projects.ts';
import { useSignedIn } from '../../api/session.tsx';
import { link } from '../../route.ts';

/** Who owns a project: a team that all may look up, or a user that site admins may. */
export function Owner({ owner }: { owner: ProjectOwner }) {
  const { session } = useSignedIn();
  if ('team' in owner) {
    return (
      <>
        team <a href={link`/teams/${owner.team}`}>{owner.team}</a>
      </>
    );
  }
  return session.site_admin ? (
    <a href={link`/users/${owner.username}`}>{owner.username}</a>
  ) : (
    <span>{owner.username}</span>
  );
}
