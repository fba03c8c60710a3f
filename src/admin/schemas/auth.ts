import { z } from 'zod';
import { audience } from './fields.ts';

export const validateKey = z.strictObject({ audience: audience.default('API') });
export const keyValidity = z.object({ valid: z.boolean(), username: z.string(), message: z.string() });
export const revokedKey = z.object({ revoked: z.literal(true), key_id: z.string() });
export type RevokedKey = z.infer<typeof revokedKey>;
