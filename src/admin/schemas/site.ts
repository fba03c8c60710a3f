import { z } from 'zod';
import { importedAccessKeyPattern } from '../../keys/access-key.ts';
import { keyAudiences, keyComments, keyModels } from './api-keys.ts';
import { displayName, identifier, instant, permission, teamMode, visibility } from './fields.ts';
import { modelState } from './models.ts';
import { projectOwner } from './projects.ts';
import { settingsChanges } from './settings.ts';
import { userChanges } from './users.ts';

/**
 * The whole site, or any part of it, as one document. What it doesn't name stays as it is: a section, a
 * thing or a field that is absent asks for nothing. Where it prunes, a list that is given is all that there is to be.
 */

/** Things of one kind in one document: enough for a large site, and a bound on what one request can hold. */
const listMax = 100_000;

/** Absent asks for nothing; given, it may be what the site is pruned to. */
const list = <S extends z.ZodType>(entry: S) => z.array(entry).max(listMax).optional();

const member = z.strictObject({ username: identifier, permission });
const collaborator = z.strictObject({ username: identifier, permission });
const teamCollaborator = z.strictObject({ team: identifier, mode: teamMode, permission: permission.default('read') });

const siteUser = z.strictObject({ username: identifier, ...userChanges.shape });
const siteApplication = z.strictObject({
  name: identifier,
  owner: identifier,
  deactivated: z.boolean().optional(),
});
export type SiteTeam = z.infer<typeof siteTeam>;
const siteTeam = z.strictObject({ team: identifier, members: list(member) });
const siteModel = z.strictObject({
  model_id: identifier,
  name: displayName.optional(),
  /** An access key that existed elsewhere: the model then has authentication off unless it says otherwise (B34). */
  access_key: z
    .string()
    .regex(importedAccessKeyPattern, 'must be 16 to 128 of letters, digits, ".", "_" and "-"')
    .optional(),
  target: identifier.optional(),
  auth_enabled: z.boolean().optional(),
  auth_shadow: z.boolean().optional(),
  state: modelState.optional(),
});
const siteProject = z.strictObject({
  project_id: identifier,
  name: displayName.optional(),
  /** Who owns the project: a user or a team; needed where the project is new. */
  owner: projectOwner.optional(),
  visibility: visibility.optional(),
  collaborators: list(collaborator),
  team_collaborators: list(teamCollaborator),
  models: list(siteModel),
});
/** A key that existed elsewhere, by its digest; the secret itself is never asked for. */
const siteApiKey = z.strictObject({
  key_id: identifier,
  username: identifier,
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the key, 64 hex digits in lower case'),
  /** RFC 3339 or YYYY-MM-DD; null: never; absent: the site's default. A past date is allowed here. */
  expiry_date: z.union([z.string().max(64), z.null()]).optional(),
  comments: keyComments.optional(),
  audiences: keyAudiences.optional(),
  /** null: all of its owner's. */
  models: z.union([keyModels, z.null()]).optional(),
});

export const siteDocument = z.strictObject({
  settings: settingsChanges.optional(),
  users: list(siteUser),
  applications: list(siteApplication),
  teams: list(siteTeam),
  projects: list(siteProject),
  api_keys: list(siteApiKey),
});
export type SiteDocument = z.infer<typeof siteDocument>;
export type SiteProject = z.infer<typeof siteProject>;
export type SiteModel = z.infer<typeof siteModel>;
export type SiteApiKey = z.infer<typeof siteApiKey>;
export type SiteUser = z.infer<typeof siteUser>;

/** A thing of the document whose lists are checked one entry at a time. */
export interface SitePart {
  /** The thing with lists of anything in it. */
  readonly schema: z.ZodObject;
  readonly lists: Readonly<Record<string, SitePart>>;
}

const anything = list(z.unknown());
const plain = (schema: z.ZodObject): SitePart => ({ schema, lists: {} });

/** The same document in parts, so that a large one need not be checked in one go. */
export const siteParts: SitePart = {
  schema: siteDocument.extend({
    users: anything,
    applications: anything,
    teams: anything,
    projects: anything,
    api_keys: anything,
  }),
  lists: {
    users: plain(siteUser),
    applications: plain(siteApplication),
    teams: { schema: siteTeam.extend({ members: anything }), lists: { members: plain(member) } },
    projects: {
      schema: siteProject.extend({ collaborators: anything, team_collaborators: anything, models: anything }),
      lists: {
        collaborators: plain(collaborator),
        team_collaborators: plain(teamCollaborator),
        models: plain(siteModel),
      },
    },
    api_keys: plain(siteApiKey),
  },
};

export const siteQuery = z.strictObject({ access_keys: z.enum(['true', 'false']).default('false') });
export const applyQuery = z.strictObject({
  dry_run: z.enum(['true', 'false']).default('false'),
  /** Whether what a section of the document does not name is deleted; a section that is absent prunes nothing. */
  prune: z.enum(['true', 'false']).default('false'),
});

/** What an apply does, or would do: each thing by its kind and id. */
export const sitePlan = z.object({
  dry_run: z.boolean(),
  steps: z.array(z.object({ action: z.enum(['create', 'update', 'delete']), kind: z.string(), id: z.string() })),
});
export type SitePlan = z.infer<typeof sitePlan>;

/** The time from here on, and how far the machine's clock was behind until now. */
export const acceptedClock = z.object({ time: instant, behind_seconds: z.number().int() });
export type AcceptedClock = z.infer<typeof acceptedClock>;

/** A copy of the store in the server's data directory. */
export const siteBackup = z.object({ name: z.string(), size: z.number().int(), revision: z.number().int() });
export type SiteBackup = z.infer<typeof siteBackup>;
