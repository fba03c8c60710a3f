import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Reads } from '../../store/store.ts';
import { ApiError, notFound } from '../api-error.ts';
import type { AdminContext } from '../context.ts';
import { identifier, principalName } from '../schemas/fields.ts';
import { applicationOwnerOrSiteAdmin, inNameOfUser, selfOrSiteAdmin, whoMay } from '../who-may.ts';

/** One of the two kinds of principal that own API keys, as the routes of the keys need it. */
export interface KeyOwnerKind {
  /** The word for it in a message. */
  readonly noun: 'user' | 'application';
  /** The same with its article. */
  readonly phrase: 'a user' | 'an application';
  /** Where one of them stands, and the parameter in that path which names it. */
  readonly path: string;
  readonly parameter: string;
  /** Hook of each route but those that make a key: that is to act in its owner's name. */
  readonly mayManage: (request: FastifyRequest) => Promise<void>;
  readonly mayMake: (request: FastifyRequest) => Promise<void>;
  /** The same in words. */
  readonly whoMay: (typeof whoMay)[keyof typeof whoMay];
  readonly whoMayMake: (typeof whoMay)[keyof typeof whoMay];
  readonly find: (reads: Reads, name: string) => Promise<{ readonly deactivated: boolean } | undefined>;
}

export function keyOwnerKinds(context: AdminContext): readonly KeyOwnerKind[] {
  return [
    {
      noun: 'user',
      phrase: 'a user',
      whoMay: whoMay.itself,
      whoMayMake: whoMay.inItsName,
      path: '/users/:username',
      parameter: 'username',
      mayManage: selfOrSiteAdmin,
      mayMake: inNameOfUser(context),
      find: (reads, name) => reads.findUser(name),
    },
    {
      noun: 'application',
      phrase: 'an application',
      whoMay: whoMay.applicationOwner,
      whoMayMake: whoMay.applicationOwner,
      path: '/applications/:name',
      parameter: 'name',
      mayManage: applicationOwnerOrSiteAdmin(context),
      // An application is nobody's equal, whoever owns it.
      mayMake: applicationOwnerOrSiteAdmin(context),
      find: (reads, name) => reads.findApplication(name),
    },
  ];
}

/** Schemas of the paths of one owner, and of one key of it. */
export function ownerPath({ parameter, noun }: KeyOwnerKind) {
  return z.strictObject({ [parameter]: principalName.describe(`Name of the ${noun}.`) });
}

export function keyPath(kind: KeyOwnerKind) {
  return ownerPath(kind).extend({ key_id: identifier.describe('Key ID of the key.') });
}

export function ownerIn({ parameter }: KeyOwnerKind, params: Readonly<Record<string, string>>): string {
  return params[parameter] as string;
}

export function keyIdIn(params: Readonly<Record<string, string>>): string {
  return params['key_id'] as string;
}

export async function requireOwner({ find, noun }: KeyOwnerKind, reads: Reads, name: string) {
  const owner = await find(reads, name);
  if (!owner) {
    throw notFound(`${noun} ${name}`);
  }
  return owner;
}

/** A deactivated owner gets no new key. */
export async function requireActiveOwner(kind: KeyOwnerKind, reads: Reads, name: string): Promise<void> {
  if ((await requireOwner(kind, reads, name)).deactivated) {
    throw new ApiError('failed_precondition', `${name} is deactivated: activate the ${kind.noun} first`);
  }
}
