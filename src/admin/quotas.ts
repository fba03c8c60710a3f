import type { FastifyRequest } from 'fastify';
import type { OwnedKind, Reads } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { type AdminContext, callerOf } from './context.ts';
import type { QuotaLimits } from './quota-limits.ts';

interface Quota {
  readonly setting: keyof QuotaLimits;
  /** How an operator raises it. */
  readonly flag: string;
  readonly of: (owner: string) => string;
}

const kinds: Record<OwnedKind, Quota> = {
  api_keys: { setting: 'apiKeysMax', flag: '--api-keys-max', of: principal => `${principal} has as many API keys` },
  applications: {
    setting: 'applicationsMax',
    flag: '--applications-max',
    of: owner => `${owner} owns as many applications`,
  },
  teams: { setting: 'teamsMax', flag: '--teams-max', of: maker => `${maker} made as many teams, left or not,` },
  projects: {
    setting: 'projectsMax',
    flag: '--projects-max',
    of: maker => `${maker} made as many projects, given away or not,`,
  },
  models: { setting: 'modelsMax', flag: '--models-max', of: project => `project ${project} has as many models` },
};

/** Whom a new team or project counts for, whosever it becomes: nobody can pass it on to others. undefined: nobody, as of a site admin. */
export function makerOf(request: FastifyRequest): string | undefined {
  const { site_admin, username } = callerOf(request);
  return site_admin ? undefined : username;
}

/** A key is rotated for its safety: its owner's quota must not stand in the way, and bounds what is made so all the same. */
export const roomToRotate = 2;

/** Rejects with 403 and `resource_exhausted` where the owner has what it may have; counted in the transaction that makes one more. */
export async function requireRoom(
  { quotas }: Pick<AdminContext, 'quotas'>,
  request: FastifyRequest,
  reads: Pick<Reads, 'countOwned'>,
  { kind, owner, times = 1 }: { readonly kind: OwnedKind; readonly owner: string; readonly times?: number },
): Promise<void> {
  if (callerOf(request).site_admin) {
    return;
  }
  const { setting, flag, of } = kinds[kind];
  const most = quotas[setting] * times;
  if ((await reads.countOwned(kind, owner)) >= most) {
    throw new ApiError(
      'quota_exhausted',
      `${of(owner)} as it may, ${most}: delete some, let a site admin make it, or let the operator raise ${flag}`,
    );
  }
}
