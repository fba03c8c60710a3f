import { z } from 'zod';
import type { ApiServer } from '../api-server-type.ts';
import { siteSchema } from '../site/document/site-schema.ts';
import { whoMay } from '../who-may.ts';

const jsonSchema = z.looseObject({}).meta({ id: 'JsonSchema', description: 'A JSON Schema, draft 7.' });

/** Open to anyone, as the API's own document: it holds nothing of the site, and editors send no credential. */
export function siteSchemaRoute(server: ApiServer): void {
  const schema = siteSchema();
  server.get(
    '/site.schema.json',
    {
      schema: {
        summary: 'Shows the JSON Schema of the site document.',
        description: 'For editors that check and complete a document as it is written.',
        'x-who-may': whoMay.anyone,
        response: { 200: jsonSchema },
      },
    },
    async () => schema as z.infer<typeof jsonSchema>,
  );
}
