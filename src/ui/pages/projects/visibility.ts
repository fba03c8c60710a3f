import type { ProjectOwner } from '../../../admin/schemas/projects.ts';
import { checkPrincipalName, type Field, type Option, type Values } from '../../parts/form/field.ts';

export const visibilities: readonly Option[] = [
  { value: 'private', text: 'private: collaborators only' },
  { value: 'organization', text: 'organization: members of the owning team too' },
  { value: 'public', text: 'public: everybody with an API key may call' },
];

/** Weakest first, with what each is enough for (B19, B20). */
export const permissions: readonly Option[] = [
  { value: 'read', text: 'read: may call the models' },
  { value: 'operator', text: 'operator: as read' },
  { value: 'write', text: 'write: may change models and see access keys' },
  { value: 'admin', text: 'admin: may say who else may' },
  { value: 'business_user', text: 'business_user: may not call models, unless the project is public' },
];

/** Asks who owns a project: a user or a team. */
export function ownerFields(owner: ProjectOwner): Field[] {
  const isTeam = 'team' in owner;
  return [
    {
      name: 'owner_kind',
      label: 'Owned by',
      kind: 'choice',
      options: [
        { value: 'username', text: 'a user' },
        { value: 'team', text: 'a team' },
      ],
      value: isTeam ? 'team' : 'username',
    },
    {
      name: 'owner',
      label: 'Name of the owner',
      kind: 'text',
      isRequired: true,
      value: isTeam ? owner.team : owner.username,
      check: checkPrincipalName,
    },
  ];
}

export function toOwner(values: Values): ProjectOwner {
  const name = values['owner'] ?? '';
  return values['owner_kind'] === 'team' ? { team: name } : { username: name };
}
