import { z } from 'zod';
import { audience } from './fields.ts';

export const validateKey = z
  .strictObject({ audience: audience.default('API').describe('What the key is to open.') })
  .meta({ id: 'KeyQuestion' });
export const keyValidity = z
  .object({
    valid: z.boolean().describe('Whether the key works now, for this audience.'),
    username: z.string().describe('The user or application that owns the key; empty where it is not valid.'),
    message: z.string().describe('Why it is not valid, in words.'),
  })
  .meta({ id: 'KeyValidity' });
export const revokedKey = z
  .object({ revoked: z.literal(true), key_id: z.string().describe('Key ID of the key that is revoked.') })
  .meta({ id: 'RevokedKey' });
export type RevokedKey = z.infer<typeof revokedKey>;
