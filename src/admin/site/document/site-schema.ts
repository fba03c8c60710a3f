import { z } from 'zod';
import { siteDocument } from '../../schemas/site.ts';

/**
 * The site document as a JSON Schema, for editors and for whoever makes one by a program: draft 7, which all of their
 * tools know. What only a server can tell, such as whether a user is there, it does not say.
 */
export function siteSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(siteDocument, { target: 'draft-7', io: 'input' });
  return { $schema, title: 'Site document of Modelgate', ...schema };
}
