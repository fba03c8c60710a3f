/** What a refusal with a status means, for every operation alike. */
interface Refusal {
  /** Its name among the document's components. */
  readonly name: string;
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
  /** Which operations may be refused so. */
  readonly concerns: (operation: Concerned) => boolean;
}

export interface Concerned {
  /** Below the API's prefix, with parameters in braces. */
  readonly path: string;
  readonly method: string;
  /** Whether it asks for a user's credential. */
  readonly isSignedIn: boolean;
  /** Whether it asks for any credential. */
  readonly isOpen: boolean;
  readonly isWrite: boolean;
  /** Names of the parameters in path and query. */
  readonly parameters: readonly string[];
}

const header = (description: string, type: 'string' | 'integer') => ({ description, schema: { type } });
const retryAfter = { 'retry-after': header('Seconds to wait before the next try.', 'integer') };
const takesBody = ({ method }: Concerned) => method !== 'get';

const refusals: Readonly<Record<number, Refusal>> = {
  400: {
    name: 'BadRequest',
    description: 'The request is not as this document says; `details` names each field at fault.',
    concerns: () => true,
  },
  401: {
    name: 'Unauthenticated',
    description: 'There is no credential, or none that is valid.',
    headers: { 'www-authenticate': header('How to send one.', 'string') },
    concerns: ({ isOpen }) => !isOpen,
  },
  403: {
    name: 'Forbidden',
    description:
      'The caller is known, and may not do this; or a browser sent it by a name that is none of this server, or from a page that is none of it.',
    concerns: () => true,
  },
  404: {
    name: 'NotFound',
    description: 'What the request names is not there, as far as the caller may know.',
    concerns: ({ isSignedIn, method, parameters, path }) =>
      isSignedIn && (method !== 'get' || path.includes('{') || parameters.includes('project_id')),
  },
  409: {
    name: 'Conflict',
    description: 'It exists already, or something else has to be done first; the message says what.',
    concerns: ({ isWrite }) => isWrite,
  },
  413: { name: 'TooLarge', description: 'The body is too large.', concerns: takesBody },
  415: {
    name: 'UnsupportedMediaType',
    description: 'The body is not `application/json`.',
    concerns: takesBody,
  },
  429: {
    name: 'Throttled',
    description:
      'Too many credentials that nobody has came from this address, or too many sign-ins, tests or changes of one user are under way: wait.',
    headers: retryAfter,
    concerns: ({ isSignedIn, isOpen, isWrite, path }) => (!isSignedIn && !isOpen) || isWrite || path.endsWith(':test'),
  },
  503: {
    name: 'Unavailable',
    description:
      'The store cannot be read or written now, or the server is starting: nothing was changed unless the message says so.',
    headers: retryAfter,
    concerns: ({ isOpen }) => !isOpen,
  },
};

/** The answers that operations refer to. */
export const refusalComponents = Object.fromEntries(
  Object.values(refusals).map(({ name, description, headers }) => [
    name,
    {
      description,
      ...(headers && { headers }),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ]),
);

/** Every refusal that an operation may be answered with, by status. */
export function refusalsOf(operation: Concerned): Record<string, { readonly $ref: string }> {
  const concerning = Object.entries(refusals).filter(([, { concerns }]) => concerns(operation));
  return Object.fromEntries(
    concerning.map(([status, { name }]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
}

/** The meanings of the statuses as a table, for people. */
export function refusalsTable(): string {
  const rows = Object.entries(refusals).map(([status, { description }]) => `| ${status} | ${description} |`);
  return ['| status | meaning |', '|---|---|', ...rows].join('\n');
}
