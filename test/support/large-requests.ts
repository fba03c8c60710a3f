import type { AdminClient, ApiAnswer } from './admin-client.ts';
import { heavy, modelId, projectId, type SiteSize, userName } from './large-site.ts';

/** One thing that people ask of the admin plane; `run` numbers its repetitions. */
export interface TimedRequest {
  readonly what: string;
  readonly ask: (run: number) => Promise<ApiAnswer>;
}

/** Each list by its first page, a deep one, its orders, filters and search; and each create. */
export async function largeRequests(admin: AdminClient, size: SiteSize): Promise<TimedRequest[]> {
  const get = (path: string) => () => admin.get(`/api/v2${path}`);
  const lists = listsOf(size);
  const pages: TimedRequest[] = [];
  for (const { path, sorts, queries } of lists) {
    const separator = path.includes('?') ? '&' : '?';
    pages.push({ what: path, ask: get(path) });
    for (const sort of sorts.flatMap(field => [field, `-${field}`])) {
      const sorted = `${path}${separator}sort=${sort}`;
      pages.push({ what: sorted, ask: get(sorted) });
      pages.push({
        what: `${sorted}, a deep page`,
        ask: get(`${sorted}&page_token=${await deepToken(admin, sorted)}`),
      });
    }
    for (const query of queries) {
      pages.push({ what: `${path}${separator}${query}`, ask: get(`${path}${separator}${query}`) });
    }
  }
  return [...pages, ...creates(admin)];
}

interface List {
  readonly path: string;
  readonly sorts: readonly string[];
  readonly queries: readonly string[];
}

function listsOf({ users, models }: SiteSize): List[] {
  const longAgo = 'last_used_before=2026-01-01T00:00:00Z';
  const keyFilters = ['search_filter=job%2099', 'search_filter=nothing', 'expired=true', longAgo];
  return [
    {
      path: '/users',
      sorts: ['username', 'name', 'created_at', 'last_used_at'],
      queries: [
        `search_filter=${userName(users - 7)}`,
        'search_filter=chlo%C3%A9',
        'search_filter=nothing',
        'expired=true',
        'expired=false',
        longAgo,
        'page_size=1000',
      ],
    },
    { path: '/applications', sorts: ['owner', 'created_at', 'last_used_at'], queries: ['search_filter=fleet'] },
    {
      path: `/users/${heavy.user}/v2_keys`,
      sorts: ['created_at', 'expiry_date', 'last_used_at'],
      queries: keyFilters,
    },
    {
      path: `/applications/${heavy.application}/v2_keys`,
      sorts: ['created_at', 'expiry_date', 'last_used_at'],
      queries: [...keyFilters, 'page_size=1000'],
    },
    { path: '/teams', sorts: ['team', 'created_at'], queries: ['search_filter=team-99'] },
    {
      path: '/projects',
      sorts: ['project_id', 'name', 'created_at'],
      queries: ['search_filter=project%209', 'visibility=public', `owner=${userName(13)}`, 'page_size=1000'],
    },
    { path: `/projects/${projectId(3)}/collaborators`, sorts: [], queries: ['search_filter=user'] },
    {
      path: '/models',
      sorts: ['model_id', 'name', 'project_id', 'created_at'],
      queries: [
        `search_filter=${modelId(models - 3)}`,
        'search_filter=nothing',
        'auth_enabled=true',
        'state=stopped',
        'page_size=1000',
      ],
    },
    { path: `/projects/${projectId(3)}/models`, sorts: ['name'], queries: [] },
    {
      path: '/audit_events',
      sorts: [],
      queries: [
        'search_filter=model-00009',
        'search_filter=nothing',
        'actor=tester',
        'action=model.create',
        `target=${modelId(3)}`,
        `project_id=${projectId(3)}`,
        'actor=tester&since=2020-01-01T00:00:00Z&action=user.create',
        'page_size=1000',
      ],
    },
  ];
}

/** The token of a page halfway through a list: the first page's, led on by pages of the greatest size. */
async function deepToken(admin: AdminClient, path: string): Promise<string> {
  let token = '';
  for (let page = 0; page < 10; page += 1) {
    const { body } = await admin.get(`/api/v2${path}&page_size=1000${token === '' ? '' : `&page_token=${token}`}`);
    if (body.next_page_token === '') {
      break;
    }
    token = body.next_page_token;
  }
  return token;
}

function creates(admin: AdminClient): TimedRequest[] {
  const post = (what: string, path: string, body: (run: number) => object): TimedRequest => ({
    what,
    ask: run => admin.post(`/api/v2${path}`, body(run)),
  });
  const made = Date.now().toString(36);
  return [
    post('make a user', '/users', run => ({ username: `new-${made}-${run}` })),
    post('make an application', '/applications', run => ({ name: `app-${made}-${run}` })),
    post('make an API key', `/users/${userName(5)}/v2_keys`, () => ({})),
    post('make a team', '/teams', run => ({ team: `team-${made}-${run}` })),
    post('make a project', '/projects', run => ({ name: `Project ${run}` })),
    post('make a model', `/projects/${projectId(5)}/models`, run => ({ name: `Model ${run}` })),
    {
      what: 'show a user',
      ask: () => admin.get(`/api/v2/users/${heavy.user}`),
    },
  ];
}
