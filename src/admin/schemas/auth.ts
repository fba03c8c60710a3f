import { z } from 'zod';
import { audience } from './fields.ts';

export const validateKey = z.strictObject({ audience: audience.default('API') });
export const keyValidity = z.object({ valid: z.boolean(), username: z.string(), message: z.string() });
