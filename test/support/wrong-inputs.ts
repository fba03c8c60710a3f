import { type ApiDocument, type ApiOperation, apiPrefix, operationsOf } from './api-document.ts';
import { type KnownNames, type Schema, UsualValues } from './documented-inputs.ts';

/** One request of an operation in which one field is not as it must be. */
export interface WrongRequest {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  /** Where the wrong value is, as `details` must name it. */
  readonly field: string;
  /** For people: the operation, the field and the value. */
  readonly what: string;
}

type Operation = ApiOperation & { readonly method: string; readonly path: string };

/** A value of each kind that JSON has. */
const kinds: Readonly<Record<string, unknown>> = {
  string: 'ends with a bell \u0007',
  integer: -1.5,
  boolean: true,
  null: null,
  array: [],
  object: {},
};

/**
 * Requests in which one field each is of a kind that it is not: every field of a body at any depth, a field in each
 * object that none may have, and every parameter of a query. Made from the document alone, so that no new field is forgotten.
 */
export function wrongRequests(document: ApiDocument, known: KnownNames): WrongRequest[] {
  return operationsOf(document).flatMap(operation => {
    const values = new UsualValues(document, operation, known);
    return [...wrongBodies(values, operation, known), ...wrongQueries(values, operation, known)];
  });
}

function wrongBodies(values: UsualValues, operation: Operation, known: KnownNames): WrongRequest[] {
  const { method, path, requestBody } = operation;
  const schema = requestBody?.content['application/json']?.schema as Schema | undefined;
  return wrongValues(values, schema ?? {}).map(({ field, value }) => ({
    method,
    url: urlOf(operation, known),
    body: value,
    field,
    what: `${method} ${path}: ${field} in ${JSON.stringify(value)}`,
  }));
}

function wrongQueries(values: UsualValues, operation: Operation, known: KnownNames): WrongRequest[] {
  const { method, path, parameters = [], requestBody } = operation;
  const schema = requestBody?.content['application/json']?.schema as Schema | undefined;
  const body = schema ? { body: values.usual(schema) } : {};
  const asked = parameters.filter(each => each.in === 'query' && isBounded(values, (each.schema ?? {}) as Schema));
  // What an OpenID provider adds to the address is its own affair.
  const names = path === '/oidc/callback' ? [] : [...asked.map(({ name }) => name), 'no_such_parameter'];
  return names.map(name => ({
    method,
    url: `${urlOf(operation, known)}?${name}=%07`,
    ...body,
    field: name,
    what: `${method} ${path}?${name}`,
  }));
}

/** Whether not every text is taken. */
function isBounded(values: UsualValues, given: Schema): boolean {
  const { type, enum: allowed, format, pattern, anyOf = [] } = values.resolved(given);
  return (
    type !== 'string' || (allowed ?? format ?? pattern) !== undefined || anyOf.some(each => isBounded(values, each))
  );
}

interface WrongValue {
  readonly field: string;
  readonly value: unknown;
}

/** The value of a schema in which one part is wrong, with the way to that part. */
function wrongValues(values: UsualValues, given: Schema, path: readonly string[] = []): WrongValue[] {
  const forms = values.forms(given);
  const taken = new Set(forms.flatMap(({ type, enum: allowed, const: only }) => type ?? typeof (only ?? allowed?.[0])));
  // Of numbers a fraction is tried, which no field takes; of texts one with a control character, where not every text is taken.
  const isFree = (kind: string) =>
    kind !== 'integer' && taken.has(kind) && !(kind === 'string' && forms.every(form => isBounded(values, form)));
  const wrong = Object.entries(kinds).filter(([kind]) => !isFree(kind));
  const objects = forms.filter(({ type }) => type === 'object');
  const here = taken.has('undefined') ? [] : wrong.map(([, value]) => ({ field: path.join('.'), value }));
  return [
    ...(path.length === 0 ? here.filter(({ value }) => value !== null) : here),
    ...forms.flatMap(form => deeper(values, form, path, objects.length > 1)),
  ];
}

/** `isChoice`: another form of the value has other fields, so that where one is missing only the whole can be named. */
function deeper(values: UsualValues, form: Schema, path: readonly string[], isChoice: boolean): WrongValue[] {
  if (form.type === 'array' && form.items) {
    return wrongValues(values, form.items, [...path, '0']).map(({ field, value }) => ({ field, value: [value] }));
  }
  if (form.type !== 'object' || form.properties === undefined) {
    return [];
  }
  const usual = values.usual(form) as object;
  const fields = Object.entries(form.properties).flatMap(([name, inner]) =>
    wrongValues(values, inner, [...path, name]).map(({ field, value }) => ({
      field,
      value: { ...usual, [name]: value },
    })),
  );
  const required = (form.required ?? []).map(name => ({
    field: (isChoice ? path : [...path, name]).join('.'),
    value: Object.fromEntries(Object.entries(usual).filter(([each]) => each !== name)),
  }));
  const extra = { field: [...path, 'no_such_field'].join('.'), value: { ...usual, no_such_field: true } };
  return [...fields, ...required, extra];
}

function urlOf({ path }: Operation, known: KnownNames): string {
  return apiPrefix + path.replace(/\{(\w+)\}/g, (_, name: string) => known[name] ?? 'none');
}
