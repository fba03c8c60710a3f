import { z } from 'zod';
import { instant } from './fields.ts';

const sidecar = z
  .object({
    id: z.string().describe('Id of the sidecar.'),
    version: z.string().describe('Version of Modelgate that it runs.'),
    address: z.string().describe('Where it connects from.'),
    revision: z.number().int().describe('Newest revision that its checks see.'),
    lag_seconds: z.number().describe('How long it has been behind the newest revision; 0: it is not.'),
    since: instant.describe('Since when it has been connected.'),
  })
  .meta({ id: 'Sidecar', description: 'A check service of its own that follows this store.' });

export const fleet = z
  .object({
    revision: z.number().int().describe('Newest revision of the store.'),
    oldest_revision: z
      .number()
      .int()
      .describe(
        'Oldest revision that any checks are answered by: of this server, and of every sidecar that is connected.',
      ),
    sidecars: z.array(sidecar),
  })
  .meta({ id: 'Fleet', description: 'Who answers checks, and how far each has come.' });
export type Fleet = z.infer<typeof fleet>;
