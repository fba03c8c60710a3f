import { z } from 'zod';
import { importedAccessKeyPattern } from '../../keys/access-key.ts';
import { holdsSecret } from '../../keys/keys-in-text.ts';
import { keyAudiences, keyComments, keyModels } from './api-keys.ts';
import { displayName, identifier, instant, permission, principalName, teamMode, visibility } from './fields.ts';
import { modelState, newModelId } from './models.ts';
import { projectOwner } from './projects.ts';
import { settingsChanges } from './settings.ts';
import { userChanges } from './users.ts';

/**
 * The whole site, or any part of it, as one document. What it doesn't name stays as it is: a section, a
 * thing or a field that is absent asks for nothing. Where it prunes, a list that is given is all that there is to be.
 */

/** Things of one kind in one document: more than fit into the bytes that a request may have, so that every site's export can be applied. */
const listMax = 1_000_000;

/** Absent asks for nothing; given, it may be what the site is pruned to. */
const list = <S extends z.ZodType>(entry: S, what: string) => z.array(entry).max(listMax).optional().describe(what);

const member = z.strictObject({ username: principalName, permission });
const collaborator = z.strictObject({ username: principalName, permission });
const teamCollaborator = z.strictObject({ team: identifier, mode: teamMode, permission: permission.default('read') });

const siteUser = z
  .strictObject({
    username: principalName.describe('Name by which everything refers to the user.'),
    ...userChanges.shape,
  })
  .meta({ id: 'SiteUser' });
const siteApplication = z
  .strictObject({
    name: principalName.describe('Users and applications share their names.'),
    owner: principalName.describe('The user that manages it.'),
    deactivated: z.boolean().optional().describe('True ends all of its keys for good; false lets it have new ones.'),
  })
  .meta({ id: 'SiteApplication' });
export type SiteTeam = z.infer<typeof siteTeam>;
const siteTeam = z
  .strictObject({
    team: identifier.describe('Name of the team.'),
    members: list(member, 'Users in it, each with what it holds there.'),
  })
  .meta({ id: 'SiteTeam' });
const siteModel = z
  .strictObject({
    model_id: newModelId.describe('Id of the model, which no other model of the site has.'),
    name: displayName.optional(),
    access_key: z
      .string()
      .regex(importedAccessKeyPattern, 'must be 16 to 128 of letters, digits, ".", "_" and "-"')
      .refine(key => !holdsSecret(key), 'must be no API key and no legacy key: an access key can be read again')
      .optional()
      .describe(
        'An access key that existed elsewhere: the model then has authentication off unless it says otherwise.',
      ),
    target: identifier.optional().describe('Name of the Envoy cluster that serves the model; absent: the id.'),
    auth_enabled: z
      .boolean()
      .optional()
      .describe('Whether a call needs an API key; on unless the model brings its access key.'),
    auth_shadow: z
      .boolean()
      .optional()
      .describe('Whether, with authentication off, calls that it would refuse are counted.'),
    state: modelState.optional(),
  })
  .meta({ id: 'SiteModel' });
const siteProject = z
  .strictObject({
    project_id: identifier.describe('Id of the project.'),
    name: displayName.optional(),
    owner: projectOwner.optional().describe('Who owns the project: a user or a team; needed where the project is new.'),
    visibility: visibility.optional(),
    collaborators: list(collaborator, 'Users and applications that were added to the project.'),
    team_collaborators: list(teamCollaborator, 'Teams that were added to the project.'),
    models: list(siteModel, 'Models of the project.'),
  })
  .meta({ id: 'SiteProject' });
const siteApiKey = z
  .strictObject({
    key_id: identifier.describe('Names the key; a Key ID stands for one digest and owner for good.'),
    username: principalName.describe('The user or application that owns the key.'),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the key, 64 hex digits in lower case')
      .describe('SHA-256 of the key, in hex.'),
    expiry_date: z
      .union([z.string().max(64), z.null()])
      .optional()
      .describe("RFC 3339 or YYYY-MM-DD; null: never; absent: the site's default. A past date is allowed here."),
    comments: keyComments.optional(),
    audiences: keyAudiences.optional(),
    models: z
      .union([keyModels, z.null()])
      .optional()
      .describe('Ids of the models that the key is narrowed to; null: all that its owner may call.'),
    restored: z.iso
      .datetime(
        'must be the instant in RFC 3339 at which the key was ended: leave it out, and apply (with --dry-run too) names the line to write',
      )
      .optional()
      .describe(
        'Brings back a key that was deleted at this instant, in RFC 3339, and at none later; else one that was deleted, revoked or replaced is skipped, with the line to write.',
      ),
  })
  .meta({
    id: 'SiteApiKey',
    description: 'A key that existed elsewhere, by its digest; the secret itself is never asked for.',
  });

export const siteDocument = z
  .strictObject({
    settings: settingsChanges.optional(),
    users: list(siteUser, 'People who may sign in.'),
    applications: list(siteApplication, 'Principals with API keys and no login.'),
    teams: list(siteTeam, 'Named sets of users.'),
    projects: list(siteProject, 'What models belong to, with its models and whom it lets in.'),
    api_keys: list(siteApiKey, 'Keys that existed elsewhere, by their digests; an export has none.'),
  })
  .meta({
    id: 'SiteDocument',
    description:
      'The whole site, or any part of it. What it does not name stays as it is, unless it is asked to prune.',
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

const anything = z.array(z.unknown()).max(listMax).optional();
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

export const siteQuery = z.strictObject({
  access_keys: z
    .enum(['true', 'false'])
    .default('false')
    .describe("Whether the document holds the models' access keys; the audit names who asked."),
});
export const applyQuery = z.strictObject({
  dry_run: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether nothing is changed: the answer is what would be.'),
  prune: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      'Whether what a section of the document does not name is deleted; a section that is absent prunes nothing.',
    ),
});

/** What an apply does, or would do: each thing by its kind and id. */
export const sitePlan = z
  .object({
    dry_run: z.boolean().describe('Whether nothing was changed.'),
    steps: z
      .array(
        z.object({
          action: z
            .enum(['create', 'update', 'delete', 'skip'])
            .describe('`skip`: the document asks for it, and it is not done.'),
          kind: z.string().describe('What kind of thing, such as `model`.'),
          id: z.string().describe('Which one.'),
          fields: z
            .array(
              z.object({
                field: z.string().describe('Which field.'),
                old: z.unknown().describe('What it was; of an access key, that it is confidential.'),
                new: z.unknown().describe('What it is then.'),
              }),
            )
            .optional()
            .describe('Of an update: each field that it changes.'),
          reason: z.string().optional().describe('Of what is skipped: why, and what to do.'),
          opens: z
            .array(z.string())
            .optional()
            .describe('Present where somebody gets in, or may do more, who could not before: why.'),
        }),
      )
      .describe('What differs from the document, in the order in which it is changed.'),
  })
  .meta({ id: 'SitePlan', description: 'What an apply does, or would do.' });
export type SitePlan = z.infer<typeof sitePlan>;

export const acceptedClock = z
  .object({
    time: instant.describe('The time from here on.'),
    behind_seconds: z.number().int().describe("How far the machine's clock was behind until now, in seconds."),
  })
  .meta({ id: 'AcceptedClock' });
export type AcceptedClock = z.infer<typeof acceptedClock>;

export const siteBackup = z
  .object({
    name: z.string().describe('Name of the file.'),
    size: z.number().int().describe('Its size, in bytes.'),
    revision: z.number().int().describe('Revision of the store that the copy holds.'),
  })
  .meta({ id: 'SiteBackup', description: 'A copy of the store in the data directory of the server.' });
export type SiteBackup = z.infer<typeof siteBackup>;

/** How a backup itself is answered; `content-length` tells whether all of it came. */
export const backupContentType = 'application/vnd.sqlite3';
export const backupContent = {
  description: 'The copy itself, a database of SQLite.',
  content: { [backupContentType]: { schema: z.string().meta({ id: 'SiteBackupContent', format: 'binary' }) } },
};
