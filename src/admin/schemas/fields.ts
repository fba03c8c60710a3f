import { z } from 'zod';

/** Fields that several resources share, with what is allowed in them. */

/** Names and ids stand in headers, paths and metadata: printable ASCII without separators. */
export const identifier = z
  .string()
  .regex(
    /^[0-9A-Za-z][0-9A-Za-z._@-]{0,127}$/,
    'must be 1 to 128 of letters, digits, ".", "_", "@" and "-", and begin with a letter or digit',
  );
/** Text for people: Unicode without halves of characters and control characters. */
export const wellFormedText = /^[^\p{Cs}\p{Cc}]*$/u;
export const displayName = z.string().max(200).regex(wellFormedText, 'must hold no control characters');
export const permission = z.enum(['business_user', 'read', 'operator', 'write', 'admin']);
export const teamMode = z.enum(['inherit', 'override']);
export const visibility = z.enum(['private', 'organization', 'public']);
export const audience = z.enum(['API', 'Application']);
/** An instant in RFC 3339, in UTC. */
export const instant = z.iso.datetime();
export const instantOrNull = z.union([instant, z.null()]);

/** The body of a request that says everything by its path: none, or an empty object. */
export const nothing = z.strictObject({}).nullish();

/** A body that may be left out: it then is as one without fields. */
export function optionalBody<S extends z.ZodObject>(fields: S) {
  return fields.nullish().transform(body => body ?? (fields.parse({}) as z.output<S>));
}

/** A list's query: a page of it, and a text to look for. */
export const pageQuery = z.strictObject({
  page_size: z.coerce.number().int().min(1).max(1000).default(100),
  page_token: z.string().max(400).optional(),
  search_filter: z.string().max(200).regex(wellFormedText, 'must hold no control characters').optional(),
});
export const nextPageToken = z.string();

/** A list's query that may also name the order: a field, or `-` and the field for the other direction. */
export function sortedPageQuery<const F extends string>(...fields: readonly F[]) {
  const orders = fields.flatMap(field => [field, `-${field}`] as const);
  return pageQuery.extend({
    sort: z.enum(orders, `must be one of ${fields.join(', ')}, with "-" before it for the other direction`).optional(),
  });
}

/** A filter that is yes or no. */
export const yesOrNo = z.enum(['true', 'false']).transform(text => text === 'true');
/** A filter by time. */
export const instantFilter = z.iso.datetime({ offset: true }).transform(text => Date.parse(text));

export const errorBody = z.object({
  code: z.number().int(),
  message: z.string(),
  details: z.array(z.object({ field: z.string(), description: z.string() })),
});

/** Milliseconds since 1970 as RFC 3339 in UTC. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

export function toInstantOrNull(ms: number | null): string | null {
  return ms === null ? null : toInstant(ms);
}
