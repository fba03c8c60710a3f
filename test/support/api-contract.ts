import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type ApiDocument, apiPrefix, makeApiDocument, operationsOf } from './api-document.ts';

/** An answer of the API as a test got it. */
export interface GotAnswer {
  readonly method: string;
  /** With or without a query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

interface Contract {
  readonly pattern: RegExp;
  /** The same for names with colons in them, which may stand there as they are. */
  readonly loosePattern: RegExp;
  readonly method: string;
  readonly responses: ApiDocument['paths'][string][string]['responses'];
  /** Where its answers stand in the document, as a JSON pointer. */
  readonly pointer: string;
}

interface Contracts {
  readonly ajv: Ajv2020;
  readonly document: ApiDocument;
  readonly all: readonly Contract[];
}

let contracts: Promise<Contracts> | undefined;

/** Throws where an answer is not as the API's document says: another status, body, content type, or without a header that it promises. */
export async function requireDocumented(answer: GotAnswer): Promise<void> {
  if (!answer.path.startsWith(`${apiPrefix}/`)) {
    return;
  }
  contracts ??= readContracts();
  const { document, all, ajv } = await contracts;
  const path = answer.path.split('?')[0] ?? '';
  const fits = (patternOf: (each: Contract) => RegExp) =>
    all.find(each => each.method === answer.method && patternOf(each).test(path));
  const contract = fits(({ pattern }) => pattern) ?? fits(({ loosePattern }) => loosePattern);
  const fault = contract ? faultOf(answer, contract, document, ajv) : faultOfUnknown(answer);
  if (fault !== undefined) {
    throw new Error(`${answer.method} ${path} answers ${answer.status} not as its document says: ${fault}`);
  }
}

function faultOf({ status, headers, body }: GotAnswer, of: Contract, document: ApiDocument, ajv: Ajv2020) {
  const named = of.responses[status];
  if (!named) {
    return `there is no such status, but ${Object.keys(of.responses).join(', ')}; the body: ${shown(body)}`;
  }
  const component = named.$ref?.split('/').at(-1);
  const response = component === undefined ? named : document.components.responses[component];
  const missing = Object.entries(response?.headers ?? {}).find(
    ([name, header]) => 'required' in header && header.required && !headers.has(name),
  );
  if (missing) {
    return `without the header ${missing[0]}`;
  }
  if (!response?.content) {
    return body === '' ? undefined : 'with a body';
  }
  if (!('application/json' in response.content)) {
    const type = headers.get('content-type') ?? 'none';
    return type in response.content ? undefined : `with the content type ${type}`;
  }
  if (headers.get('content-type')?.startsWith('application/json') !== true) {
    return `with the content type ${headers.get('content-type')}`;
  }
  const pointer = component === undefined ? `${of.pointer}/${status}` : `/components/responses/${component}`;
  return faultOfBody(body, `document#${pointer}/content/application~1json/schema`, ajv);
}

function faultOfBody(body: unknown, reference: string, ajv: Ajv2020): string | undefined {
  // Ajv compiles a schema once, and finds it by its reference from then on.
  const validate = ajv.getSchema(reference) as ValidateFunction;
  return validate(body) ? undefined : `${ajv.errorsText(validate.errors)}: ${shown(body)}`;
}

/** An answer may be of many megabytes. */
function shown(body: unknown): string {
  return JSON.stringify(body).slice(0, 2000);
}

/** What is no operation is refused in the usual shape. */
function faultOfUnknown({ status, body }: GotAnswer): string | undefined {
  const isRefused = status >= 400 && status < 500 && typeof body === 'object' && body !== null && 'message' in body;
  return isRefused ? undefined : 'it is not in the document';
}

async function readContracts(): Promise<Contracts> {
  const document = await makeApiDocument();
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  const all = operationsOf(document).map(({ method, path, responses }) => ({
    method,
    responses,
    pattern: patternOf(`${apiPrefix}${path}`, '[^/:]+'),
    loosePattern: patternOf(`${apiPrefix}${path}`, '[^/]+'),
    pointer: `/paths/${pointerTo(`${apiPrefix}${path}`)}/${method.toLowerCase()}/responses`,
  }));
  return { ajv, document, all };
}

/** A parameter holds no colon, so that a verb behind it is never part of it. */
function patternOf(path: string, parameter: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, parameter)}$`);
}

function pointerTo(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'));
}
