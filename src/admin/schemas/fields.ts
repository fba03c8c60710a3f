import { z } from 'zod';
import { holdsKey } from '../../keys/keys-in-text.ts';
import { isReservedName } from '../../store/own-author.ts';

/** Fields that several resources share, with what is allowed in them. */

/**
 * For `refine`: a key that was pasted where something else belongs must not get into the store, and so into lists, the
 * audit and backups (T24).
 */
export const noKey: [(text: string) => boolean, string] = [
  text => !holdsKey(text),
  'must be no key and hold none: it would be stored and shown',
];

/** Names and ids stand in headers, paths and metadata: printable ASCII without separators. */
export const identifier = identifierElse('');

/** The same, with what to do about a text that is none. */
export function identifierElse(advice: string) {
  return z
    .string()
    .regex(
      /^[0-9A-Za-z][0-9A-Za-z._@-]{0,127}$/,
      `must be 1 to 128 of letters, digits, ".", "_", "@" and "-", and begin with a letter or digit${advice}`,
    )
    .refine(...noKey);
}

/**
 * The name of a user or application that is there or may be: what directories use in names is allowed besides, such as
 * `jane+ml@example.com`, `CORP\jane`, `system:serviceaccount:ml:scorer`. ASCII alone, in which no name has two spellings.
 */
export const principalName = z
  .string()
  .regex(
    /^[0-9A-Za-z][0-9A-Za-z._@+'#\\:-]{0,127}$/,
    "must be 1 to 128 of letters, digits and any of . _ @ + ' # \\ : -, and begin with a letter or digit",
  )
  .refine(...noKey);

export const reservedNameFault =
  'must not be "system", nor begin with "modelgate:" or "api_key:", in whatever case: Modelgate names itself and holders of keys so';

/** The name of a new one: Modelgate's own are not to be had (B49). */
export const newPrincipalName = principalName.refine(name => !isReservedName(name), reservedNameFault);
const wellFormedText = /^[^\p{Cs}\p{Cc}]*$/u;
/** The same in words that regular expressions of every language have; a document has no halves of characters. */
const documentedText = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

/** Text for people: Unicode without halves of characters and control characters. */
export function plainText(lengthMax: number) {
  return z
    .string()
    .max(lengthMax)
    .refine(text => wellFormedText.test(text), 'must hold no control characters')
    .refine(...noKey)
    .meta({ pattern: documentedText });
}
export const displayName = plainText(200).describe('Name for people.');
export const permission = z
  .enum(['business_user', 'read', 'operator', 'write', 'admin'])
  .meta({ id: 'Permission', description: 'Weakest first; `read` is enough to call models.' });
export const teamMode = z.enum(['inherit', 'override']).meta({
  id: 'TeamMode',
  description: '`inherit`: each member gets what it holds in the team; `override`: all get the permission stated here.',
});
export const visibility = z.enum(['private', 'organization', 'public']).meta({
  id: 'Visibility',
  description:
    '`private`: collaborators only; `organization`: members of the owning team too; `public`: everybody with a key may call.',
});
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

/** A whole number in a query, in plain digits. */
export function wholeNumber(min: number, max: number) {
  const number = z.number().int().min(min).max(max);
  return z.preprocess(text => (/^\d{1,15}$/.test(String(text)) ? Number(text) : text), number);
}

/** What every list's query may hold. */
export const page = {
  page_size: wholeNumber(1, 1000).default(100).describe('Most entries of a page.'),
  page_token: z
    .string()
    .max(400)
    .optional()
    .describe('The next_page_token of the page before; absent: the first page.'),
};

/** A list's query: a page of it, and a text to look for. */
export const pageQuery = z.strictObject({
  ...page,
  search_filter: plainText(200).optional().describe('Only entries whose names hold this text.'),
});
export const nextPageToken = z
  .string()
  .describe('Send it back as page_token for the next page; empty: this is the last.');

/** A list's query that may also name the order: a field, or `-` and the field for the other direction. */
export function sortedPageQuery<const F extends string>(...fields: readonly F[]) {
  const orders = fields.flatMap(field => [field, `-${field}`] as const);
  return pageQuery.extend({
    sort: z
      .enum(orders, `must be one of ${fields.join(', ')}, with "-" before it for the other direction`)
      .optional()
      .describe('The field to sort by; "-" before it: the other direction.'),
  });
}

/** A filter that is yes or no. */
export const yesOrNo = z.enum(['true', 'false']).transform(text => text === 'true');
/** A filter by time. */
export const instantFilter = z.iso.datetime({ offset: true }).transform(text => Date.parse(text));

export const errorBody = z
  .object({
    code: z.number().int().describe('The gRPC code that fits, such as 5 for what is not there.'),
    message: z.string().describe('What is wrong and what to do, in words.'),
    details: z
      .array(
        z.object({
          field: z.string().describe('Where in the request, such as `projects.0.owner`.'),
          description: z.string().describe('What it must be.'),
        }),
      )
      .describe('Each field of the request that is at fault; empty where none is.'),
  })
  .meta({ id: 'Error', description: 'Why a request is refused.' });

/** An OpenAPI document; its own rules stand in its specification. */
export const apiDocument = z.looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) });

/** Milliseconds since 1970 as RFC 3339 in UTC. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

export function toInstantOrNull(ms: number | null): string | null {
  return ms === null ? null : toInstant(ms);
}
