import type { ApiKeyList, FoundApiKeyList } from '../../admin/schemas/api-keys.ts';
import type { ModelList } from '../../admin/schemas/models.ts';
import type { ProjectList } from '../../admin/schemas/projects.ts';
import type { Session } from '../../admin/schemas/sessions.ts';
import type { UserList } from '../../admin/schemas/users.ts';
import { type Api, apiPath, type Query } from '../api/api.ts';
import { link } from '../route.ts';

export interface Find {
  readonly kind: 'project' | 'model' | 'user' | 'API key';
  readonly text: string;
  readonly href: string;
}

/** What of each kind is shown at most. */
const findsPerKind = 5;
/** What the server takes for the beginning of a Key ID. */
const keyIdStart = /^[0-9A-Za-z][0-9A-Za-z._@-]{3,127}$/;

/** What the caller may see whose name or id holds the text. A kind that can't be asked is left out: the others still help. */
export async function findEverywhere(api: Api, session: Session, text: string, signal: AbortSignal): Promise<Find[]> {
  const look = async <T>(
    path: string,
    toFinds: (body: T) => Find[],
    asked: Query = { search_filter: text },
  ): Promise<Find[]> => {
    try {
      return toFinds(await api.get<T>(path, { ...asked, page_size: findsPerKind }, signal));
    } catch {
      return [];
    }
  };
  const finds = await Promise.all([
    look<ProjectList>('/projects', ({ projects }) =>
      projects.map(({ project_id }) => ({ kind: 'project', text: project_id, href: link`/projects/${project_id}` })),
    ),
    look<ModelList>('/models', ({ models }) =>
      models.map(({ model_id, project_id }) => ({
        kind: 'model',
        text: model_id,
        href: link`/projects/${project_id}/models/${model_id}`,
      })),
    ),
    look<ApiKeyList>(apiPath`/users/${session.username}/v2_keys`, ({ api_keys }) =>
      api_keys.map(({ key_id }) => ({ kind: 'API key', text: key_id, href: `${link`/keys`}?search=${key_id}` })),
    ),
    session.site_admin
      ? look<UserList>('/users', ({ users }) =>
          users.map(({ username }) => ({ kind: 'user', text: username, href: link`/users/${username}` })),
        )
      : [],
    session.site_admin && keyIdStart.test(text)
      ? look<FoundApiKeyList>('/v2_keys', ({ api_keys }) => api_keys.map(toFoundKey), { key_id_prefix: text })
      : [],
  ]);
  return finds
    .flat()
    .filter((find, at, all) => all.findIndex(({ kind, text: id }) => kind === find.kind && id === find.text) === at);
}

/** A key of anybody, on the page of its owner. */
function toFoundKey({ key_id, username, owner_kind }: FoundApiKeyList['api_keys'][number]): Find {
  const page = owner_kind === 'user' ? link`/users/${username}` : link`/applications/${username}`;
  return { kind: 'API key', text: key_id, href: `${page}?keys_search=${encodeURIComponent(key_id)}` };
}
