import type { Call } from '../support/send.ts';

export interface MeshKeys {
  readonly fraud: string;
  readonly churn: string;
  readonly viewer: string;
  readonly outsider: string;
}

/** One call, and what must come of it: the status, and the model that answered or the reason of the denial. */
export interface TableCall {
  readonly call: string;
  readonly want: string;
  readonly send: (keys: MeshKeys) => Call;
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
export const body = (accessKey: string, more = '') => JSON.stringify({ accessKey, request: { dob: '19 - 22', more } });
const grpc = { 'content-type': 'application/grpc' };
/** Longer than what Envoy gives the check. */
const long = Buffer.alloc(6 * 1024 * 1024, 0x20);
const forged = { 'x-modelgate-model': 'churn', 'x-modelgate-target': 'churn' };

/** What goes through Envoy alone, Istio and Envoy Gateway alike. */
export const calls: readonly TableCall[] = [
  {
    call: 'a viewer, access key in the body',
    want: '200 fraud',
    send: k => ({ body: body(k.fraud), headers: bearer(k.viewer) }),
  },
  {
    call: 'the same, spoken with x-api-key',
    want: '200 fraud',
    send: k => ({ body: body(k.fraud), headers: { 'x-api-key': k.viewer } }),
  },
  {
    call: 'access key in the query',
    want: '200 fraud',
    send: k => ({ path: `/model?accessKey=${k.fraud}`, headers: bearer(k.viewer) }),
  },
  {
    call: 'access key in a header',
    want: '200 fraud',
    send: k => ({ headers: { ...bearer(k.viewer), 'x-model-access-key': k.fraud } }),
  },
  {
    call: 'access key as the last member, 1 MiB behind',
    want: '200 fraud',
    send: k => ({
      headers: bearer(k.viewer),
      body: JSON.stringify({ request: 'x'.repeat(1 << 20), accessKey: k.fraud }),
    }),
  },
  {
    call: 'access key as the last member, 4.9 MiB behind, chunked',
    want: '200 fraud',
    send: k => ({
      chunked: true,
      headers: bearer(k.viewer),
      body: JSON.stringify({ request: 'x'.repeat(4_900_000), accessKey: k.fraud }),
    }),
  },
  {
    call: 'a body of 6 MiB, access key in the query',
    want: '200 fraud',
    send: k => ({ path: `/model?accessKey=${k.fraud}`, headers: bearer(k.viewer), body: long }),
  },
  {
    call: 'a body of 6 MiB, access key in a header',
    want: '200 fraud',
    send: k => ({ headers: { ...bearer(k.viewer), 'x-model-access-key': k.fraud }, body: long }),
  },
  {
    call: 'a body of 6 MiB, access key nowhere that is seen',
    want: '413 body_incomplete',
    send: k => ({ headers: bearer(k.viewer), body: long }),
  },
  {
    call: 'the old path',
    want: '200 fraud',
    send: k => ({ path: '/api/altus-ds-1/models/call-model', body: body(k.fraud), headers: bearer(k.viewer) }),
  },
  {
    call: 'another method',
    want: '200 fraud',
    send: k => ({ method: 'GET', path: `/model?accessKey=${k.fraud}`, headers: bearer(k.viewer) }),
  },
  {
    call: 'by gRPC, access key in a header',
    want: '200 fraud',
    send: k => ({ headers: { ...grpc, ...bearer(k.viewer), 'x-model-access-key': k.fraud } }),
  },
  {
    call: 'by gRPC, no access key',
    want: '200 access_key_missing',
    send: k => ({ headers: { ...grpc, ...bearer(k.viewer) } }),
  },
  { call: 'a model without authentication', want: '200 churn', send: k => ({ body: body(k.churn) }) },
  {
    call: 'a model without authentication, any Bearer',
    want: '200 churn',
    send: k => ({ body: body(k.churn), headers: bearer('x') }),
  },
  { call: 'no access key', want: '400 access_key_missing', send: k => ({ headers: bearer(k.viewer) }) },
  { call: 'no key at all', want: '400 access_key_missing', send: () => ({}) },
  {
    call: 'two access keys',
    want: '400 access_key_ambiguous',
    send: k => ({ path: `/model?accessKey=${k.churn}`, body: body(k.fraud), headers: bearer(k.viewer) }),
  },
  {
    call: 'an unknown access key',
    want: '404 access_key_unknown',
    send: k => ({ body: body(`m${'0'.repeat(31)}`), headers: bearer(k.viewer) }),
  },
  { call: 'no API key', want: '401 api_key_missing', send: k => ({ body: body(k.fraud) }) },
  {
    call: 'an unknown API key',
    want: '401 api_key_invalid',
    send: k => ({ body: body(k.fraud), headers: bearer('nobody-has-this') }),
  },
  {
    call: 'somebody who is no collaborator',
    want: '403 not_authorized',
    send: k => ({ body: body(k.fraud), headers: bearer(k.outsider) }),
  },
  { call: 'forged routing headers, nothing else', want: '400 access_key_missing', send: () => ({ headers: forged }) },
  {
    call: 'forged routing headers beside a refused call',
    want: '401 api_key_missing',
    send: k => ({ headers: forged, body: body(k.fraud) }),
  },
  {
    call: 'forged routing headers beside an honest call',
    want: '200 fraud',
    send: k => ({ headers: { ...forged, ...bearer(k.viewer) }, body: body(k.fraud) }),
  },
  {
    call: 'forged routing headers in capitals',
    want: '400 access_key_missing',
    send: () => ({ headers: { 'X-Modelgate-Model': 'fraud' } }),
  },
  {
    call: 'forged routing headers with underscores',
    want: '400 access_key_missing',
    send: () => ({ headers: { x_modelgate_model: 'fraud' } }),
  },
  {
    call: 'a path that is spelled oddly',
    want: '400 access_key_missing',
    send: () => ({ path: '//model/../%2e%2e/x', headers: forged }),
  },
];
