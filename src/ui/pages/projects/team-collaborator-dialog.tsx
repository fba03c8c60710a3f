import type { TeamList } from '../../../admin/schemas/teams.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkIdentifier, type Field, type Values } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { permissions } from './visibility.ts';

interface Props {
  readonly projectId: string;
  /** The team whose place is changed; empty: one is added. */
  readonly team: string;
  /** The permission that every member gets so far; empty: what it holds in the team. */
  readonly override: string;
  readonly changed: () => void;
  readonly leave: () => void;
}

const modeField: Field = {
  name: 'mode',
  label: 'Each member gets',
  kind: 'choice',
  options: [
    { value: 'inherit', text: 'what it holds in the team' },
    { value: 'override', text: 'the permission that is chosen here' },
  ],
};
const permissionField: Field = {
  name: 'permission',
  label: 'Permission',
  kind: 'choice',
  options: permissions,
  isAsked: ({ mode }) => mode === 'override',
};

/** Adds a team to a project, or changes how. */
export function TeamCollaboratorDialog({ projectId, team, override, changed, leave }: Props) {
  const { api } = useSignedIn();
  const { tell } = useSurface();
  const send = async ({ team: typed = '', mode, permission }: Values) => {
    const name = team || typed;
    const path = apiPath`/projects/${projectId}/team_collaborators/${name}`;
    const { revision } = await api.send('PUT', path, mode === 'override' ? { mode, permission } : { mode });
    tell(`Team ${name} is a collaborator of the project.`, revision);
    leave();
    changed();
  };
  const suggest = async (typed: string) => {
    const { teams } = await api.get<TeamList>('/teams', { search_filter: typed, page_size: 10 });
    return teams.map(each => each.team);
  };
  const teamField: Field = {
    name: 'team',
    label: 'Team',
    kind: 'text',
    isRequired: true,
    check: checkIdentifier,
    suggest,
  };
  return (
    <FormDialog
      title={team ? `Change the place of team ${team}` : 'Add a team'}
      fields={[
        ...(team ? [] : [teamField]),
        { ...modeField, value: override ? 'override' : 'inherit' },
        { ...permissionField, value: override || 'read' },
      ]}
      submit={team ? 'Save team' : 'Add team'}
      send={send}
      leave={leave}
    />
  );
}
