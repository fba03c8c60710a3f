import type { Knex } from 'knex';
import type { Reads, Writes } from '../store.ts';
import type { Recorder } from './feed/recorder.ts';
import { apiKeyReads, apiKeyWrites } from './records/api-keys.ts';
import { applicationReads, applicationWrites } from './records/applications.ts';
import { auditReads, auditWrites } from './records/audit.ts';
import { endedReads, endedWrites } from './records/ended-credentials.ts';
import { modelReads, modelWrites } from './records/models.ts';
import { oidcIdentityReads, oidcIdentityWrites } from './records/oidc-identities.ts';
import { ownedReads } from './records/owned.ts';
import { projectReads, projectWrites } from './records/projects.ts';
import { sessionReads, sessionWrites } from './records/sessions.ts';
import { settingsReads, settingsWrites } from './records/settings.ts';
import { shadowDenialReads } from './records/shadow-denials.ts';
import { teamReads, teamWrites } from './records/teams.ts';
import { userReads, userWrites } from './records/users.ts';

export function readsOf(db: Knex): Reads {
  return {
    ...userReads(db),
    ...applicationReads(db),
    ...apiKeyReads(db),
    ...endedReads(db),
    ...teamReads(db),
    ...sessionReads(db),
    ...oidcIdentityReads(db),
    ...projectReads(db),
    ...modelReads(db),
    ...shadowDenialReads(db),
    ...settingsReads(db),
    ...auditReads(db),
    ...ownedReads(db),
  };
}

/** The writes of one transaction, which the recorder collects; `now` in milliseconds since 1970. */
export function writesOf(tx: Knex.Transaction, recorder: Recorder, now: () => number): Writes {
  return {
    ...readsOf(tx),
    ...userWrites(tx, recorder, now),
    ...applicationWrites(tx, recorder, now),
    ...apiKeyWrites(tx, recorder, now),
    ...endedWrites(tx, recorder, now),
    ...teamWrites(tx, recorder),
    ...sessionWrites(tx, recorder, now),
    ...oidcIdentityWrites(tx, recorder, now),
    ...projectWrites(tx, recorder),
    ...modelWrites(tx, recorder, now),
    ...settingsWrites(tx, recorder),
    ...auditWrites(tx, recorder),
  };
}
