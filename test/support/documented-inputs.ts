import { digestOf } from '../../src/keys/digest.ts';
import { type ApiDocument, type ApiOperation, apiPrefix, operationsOf } from './api-document.ts';

/** One request of an operation that holds a marked text in one of its inputs, and something usual in all others. */
export interface MarkedRequest {
  readonly method: string;
  /** From the server's root, with its query. */
  readonly url: string;
  readonly body?: unknown;
}

type Operation = ApiOperation & { readonly method: string; readonly path: string };

/** What the document's schemas are made of. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/** Makes a text that tells where it was put. */
export type Mark = (place: string) => string;

/** Names that exist on the site which is asked, by the parameters and fields that take them; all others get new ones. */
export type KnownNames = Readonly<Record<string, string>>;

/**
 * Requests that put a text of `mark` into every input of the API, one each: every parameter of a path or query, every
 * field of a body at any depth, and the name of a field. Made from the document alone, so that no new route is forgotten.
 */
export function markedRequests(document: ApiDocument, known: KnownNames, mark: Mark): MarkedRequest[] {
  return operationsOf(document).flatMap(operation => {
    const inputs = new OperationInputs(document, operation, known, mark);
    return [...inputs.parameters(), ...inputs.bodies()];
  });
}

/** One request for each operation that is no GET, as it is usually made: with as little as it must have. */
export function usualWrites(document: ApiDocument, known: KnownNames): MarkedRequest[] {
  return operationsOf(document)
    .filter(({ method }) => method !== 'GET')
    .map(operation => new OperationInputs(document, operation, known, () => '').usualRequest());
}

/** What an operation usually takes. */
export class UsualValues {
  readonly #document: ApiDocument;
  readonly #inBody: KnownNames;

  constructor(document: ApiDocument, { method, path }: Operation, known: KnownNames) {
    this.#document = document;
    const { owner = '' } = known;
    // What is made must have a name that nothing has, or it would be refused for that and never stored.
    this.#inBody = method === 'POST' && !path.includes(':') ? { owner } : known;
  }

  /** A schema by its own words, where it refers to another. */
  resolved(schema: Schema): Schema {
    const [only, ...others] = schema.allOf ?? [];
    if (only && others.length === 0) {
      return this.resolved(only);
    }
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : this.resolved(this.#document.components.schemas[name] as Schema);
  }

  /** What a value may be: one schema, or several where there is a choice. */
  forms(given: Schema): Schema[] {
    const schema = this.resolved(given);
    return schema.anyOf ? schema.anyOf.flatMap(each => this.forms(each)) : [schema];
  }

  /** A value that the operation takes, with as little as it must have. */
  usual(given: Schema, name = ''): unknown {
    const schema = this.resolved(given);
    if (schema.const !== undefined || schema.enum) {
      return schema.const ?? schema.enum?.[0];
    }
    if (schema.anyOf) {
      return this.usual(schema.anyOf[0] as Schema, name);
    }
    switch (schema.type) {
      case 'object': {
        const { properties = {}, required = [] } = schema;
        return Object.fromEntries(required.map(field => [field, this.usual(properties[field] ?? {}, field)]));
      }
      case 'array':
        return [];
      case 'boolean':
        return false;
      case 'integer':
        return schema.minimum ?? 1;
      default:
        return name === 'digest' ? digestOf(newName()) : (this.#inBody[name] ?? newName());
    }
  }
}

class OperationInputs {
  readonly #values: UsualValues;
  readonly #operation: Operation;
  readonly #known: KnownNames;
  readonly #mark: Mark;

  constructor(document: ApiDocument, operation: Operation, known: KnownNames, mark: Mark) {
    this.#values = new UsualValues(document, operation, known);
    this.#operation = operation;
    this.#known = known;
    this.#mark = mark;
  }

  usualRequest(): MarkedRequest {
    const schema = this.#bodySchema();
    return {
      method: this.#operation.method,
      url: this.#url(),
      ...(schema ? { body: this.#values.usual(schema) } : {}),
    };
  }

  parameters(): MarkedRequest[] {
    const { method, path, parameters = [] } = this.#operation;
    const schema = this.#bodySchema();
    const body = schema ? { body: this.#values.usual(schema) } : {};
    return parameters.map(({ name, in: where }) => {
      const marked = encodeURIComponent(this.#mark(`${method} ${path}: ${where} ${name}`));
      const url = where === 'path' ? this.#url({ [name]: marked }) : `${this.#url()}?${name}=${marked}`;
      return { method, url, ...body };
    });
  }

  bodies(): MarkedRequest[] {
    const { method, path } = this.#operation;
    const schema = this.#bodySchema();
    if (!schema) {
      return [];
    }
    const place = `${method} ${path}: body`;
    const usual = this.#values.usual(schema) as object | null;
    const bodies = [...this.#marked(schema, place), { ...usual, [this.#mark(`${place}, name of a field`)]: 1 }];
    return bodies.map(body => ({ method, url: this.#url(), body }));
  }

  #url(marked: Readonly<Record<string, string>> = {}): string {
    const names = { ...this.#known, ...marked };
    return apiPrefix + this.#operation.path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? newName());
  }

  #bodySchema(): Schema | undefined {
    return this.#operation.requestBody?.content['application/json']?.schema as Schema | undefined;
  }

  /** Every value of a schema in which one leaf is a mark; a leaf that is no text gets one all the same. */
  #marked(given: Schema, place: string): unknown[] {
    const schema = this.#values.resolved(given);
    const alternatives = schema.anyOf?.map(each => this.#values.resolved(each)) ?? [];
    const deep = alternatives.filter(({ type }) => type === 'object' || type === 'array');
    if (deep.length > 0) {
      return deep.flatMap(each => this.#marked(each, place));
    }
    if (schema.items) {
      return this.#marked(schema.items, `${place}[]`).map(entry => [entry]);
    }
    return schema.type === 'object' ? this.#markedObjects(schema, place) : wrapped(schema, place, this.#mark);
  }

  #markedObjects(schema: Schema, place: string): object[] {
    const usual = this.#values.usual(schema) as object;
    const fields = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
      this.#marked(inner, `${place}.${name}`).map(value => ({ ...usual, [name]: value })),
    );
    const { additionalProperties: free } = schema;
    return typeof free === 'object'
      ? [...fields, { [this.#mark(`${place}, name of an entry`)]: 'x' }, { x: this.#mark(`${place}, an entry`) }]
      : fields;
  }
}

let made = 0;
/** A name that nothing on the site has. */
function newName(): string {
  made += 1;
  return `new-${made}`;
}

/** A mark alone, and where the schema asks for a form, within a text of that form, which would get further. */
function wrapped({ format, anyOf = [] }: Schema, place: string, mark: Mark): string[] {
  const formats = [format, ...anyOf.map(each => each.format)];
  return [
    mark(place),
    ...(formats.includes('email') ? [`${mark(`${place}, before the @`)}@example.org`] : []),
    ...(formats.includes('uri') ? [`https://example.org/${mark(`${place}, in its path`)}`] : []),
  ];
}
