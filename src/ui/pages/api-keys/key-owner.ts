import { apiPath } from '../../api/api.ts';

/** Whose keys they are: users and applications have the same, at other addresses. */
export interface KeyOwner {
  readonly kind: 'user' | 'application';
  readonly name: string;
}

export function keysPath({ kind, name }: KeyOwner): string {
  return kind === 'user' ? apiPath`/users/${name}/v2_keys` : apiPath`/applications/${name}/v2_keys`;
}
