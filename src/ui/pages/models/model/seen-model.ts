import type { Model, RecentCallers } from '../../../../admin/schemas/models.ts';
import type { Api } from '../../../api/api.ts';
import { counted } from '../../../parts/in-words.ts';

/** A model as whoever is signed in may see it. */
export interface SeenModel {
  /** Of the API. */
  readonly path: string;
  readonly model: Model;
  readonly mayWrite: boolean;
  readonly isAdmin: boolean;
}

/** Whom an end of the access key concerns, in a sentence; counted when it is asked. */
export async function callersInWords(api: Api, path: string): Promise<string> {
  const { callers, days } = await api.get<RecentCallers>(`${path}/recent_callers`);
  return callers === 0
    ? `No user or application called it with an API key in the last ${days} days.`
    : `${counted(callers, 'user or application', 'users and applications')} called it with an API key in the last ${days} days.`;
}
