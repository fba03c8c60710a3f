/** What the operations are about, in the order in which documents show it: the first pattern that fits an operation's path is its own. */
const tags = [
  [
    'sessions',
    /^\/(sessions|sign_in_methods|oidc)|(:sign_in_link|\/oidc_identity)$/,
    'Signing in to a browser session, and out.',
  ],
  ['users', /^\/users(\/\{\w+\})?(:\w+)?$/, 'People who may sign in.'],
  ['applications', /^\/applications(\/\{\w+\})?$/, 'Principals with API keys and no login.'],
  ['keys', /\/v[12]_keys?(?![^/:])/, 'API keys, which call models, and legacy keys, which open this API.'],
  ['teams', /^\/teams/, 'Named sets of users, each with a permission in the team.'],
  ['collaborators', /\/(team_)?collaborators/, 'Who was added to a project, and with what permission.'],
  ['refusals', /^\/(decisions|denials)|\/shadow_denials$/, 'Why calls are let through or refused.'],
  ['live', /^\/live$/, 'What this server answers now, and did in the last day.'],
  ['models', /\/models/, 'Deployed models, their access keys, and whether calls need an API key.'],
  ['projects', /^\/projects/, 'What models belong to; who may do what on a project counts for its models.'],
  ['auth', /^\/auth/, 'What whoever holds an API key may ask about it, and do with it.'],
  ['site', /^\/site/, 'The whole site as one document, its copies and its clock.'],
  ['fleet', /^\/fleet/, 'Who answers checks, and how far each has come.'],
  ['settings', /^\/settings/, 'What holds for the whole site.'],
  ['audit', /^\/audit_events/, 'Every change: who, what, when and from where.'],
  ['document', /^\/openapi/, 'This document.'],
] as const satisfies readonly (readonly [name: string, paths: RegExp, description: string])[];

/** The tags of the document, with a sentence each. */
export const documentTags = tags.map(([name, , description]) => ({ name, description }));

/** The tag of a path below the API's prefix; of one that none fits: its first segment, which then has no sentence yet. */
export function tagOf(path: string): string {
  return tags.find(([, paths]) => paths.test(path))?.[0] ?? path.split(/[/:]/)[1] ?? '';
}
