import { whoMay } from '../who-may.ts';
import { refusalsOf } from './refusals.ts';
import { tagOf } from './tags.ts';

/** What the document knows of an operation. */
export interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly description?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, Answer>>;
  readonly 'x-who-may'?: string;
}

interface RequestBody {
  readonly required?: boolean;
  readonly content: Readonly<Record<string, { readonly schema?: { readonly anyOf?: readonly object[] } }>>;
}

interface Answer {
  readonly description?: string | undefined;
  readonly content?: unknown;
  readonly headers?: Readonly<Record<string, object>>;
  /** Where it is one of the components. */
  readonly $ref?: string;
}

/** Questions that come by POST, since what they ask with has no place in a URL. */
const reads = [
  '/auth/validate_key',
  '/decisions:explain',
  '/sessions:preview',
  '/projects/{project_id}/models/{model_id}:test',
];

const meanings: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Created.',
  204: 'Deleted.',
  302: 'Goes on at another page.',
};

/** Adds to the operations of a path (below the API's prefix) what follows from path and method: id, tag, credential, answers. */
export function toComplete(path: string): (method: string, operation: Operation) => Operation {
  return (method, operation) => {
    const asked = operation['x-who-may'];
    const isWrite = method !== 'get' && !reads.includes(path);
    const isOpen = asked === whoMay.anyone;
    const isSignIn = asked === whoMay.signIn || asked === whoMay.linkHolder;
    const isSignedIn = !isOpen && !isSignIn && asked !== whoMay.apiKey;
    const parameters = (operation.parameters ?? []).map(({ name }) => name);
    return {
      ...operation,
      operationId: operation.operationId ?? idOf(method, path),
      tags: operation.tags ?? [tagOf(path)],
      description: [operation.description, asked && `Who may: ${asked}.`].filter(Boolean).join('\n\n'),
      ...(operation.requestBody && { requestBody: asRequired(operation.requestBody) }),
      security: isSignedIn ? signedInBy(asked, method) : isOpen || isSignIn ? [] : [{ api_key: [] }],
      responses: {
        ...successes(operation.responses, isWrite),
        ...refusalsOf({ path, method, isSignedIn, isOpen, isWrite, parameters }),
      },
    };
  };
}

/** What opens an operation to users. A change in a session's name takes the session's token too (T27). */
function signedInBy(asked: string | undefined, method: string): Operation['security'] & object {
  const session = method === 'get' ? { session: [] } : { session: [], csrf_token: [] };
  return asked === whoMay.session ? [session] : [{ legacy_key: [] }, { legacy_key_basic: [] }, session];
}

/** A body that may be null may be left out as well: nobody sends a null. */
function asRequired(body: RequestBody): RequestBody {
  const mayBeNull = Object.values(body.content).some(({ schema }) =>
    schema?.anyOf?.some(each => 'type' in each && each.type === 'null'),
  );
  return { ...body, required: !mayBeNull };
}

function idOf(method: string, path: string): string {
  return `${method}${path.replace(/[{}]/g, '').replace(/[^0-9A-Za-z]+/g, '_')}`;
}

function successes(responses: Operation['responses'], isWrite: boolean): Record<string, Answer> {
  const wanted = Object.entries(responses).filter(([status]) => status !== 'default');
  return Object.fromEntries(
    wanted.map(([status, { content, ...answer }]) => [
      status,
      {
        ...answer,
        description: meanings[status] ?? answer.description,
        ...(status === '204' || status === '302' ? {} : { content }),
        ...(isWrite ? { headers: { 'x-modelgate-revision': revisionHeader } } : {}),
      },
    ]),
  );
}

const revisionHeader = {
  description: 'Revision of the store that holds the change.',
  required: true,
  schema: { type: 'integer' },
};
