import type { Call } from '../support/send.ts';
import { bearer, body, type MeshKeys } from './calls.ts';

const forgeries = ['fraud', 'churn'].flatMap(name => [
  { 'x-modelgate-model': name, 'x-modelgate-target': name },
  { 'x-modelgate-model': [name, name], 'x-modelgate-target': [name, name] },
  { x_modelgate_model: name, x_modelgate_target: name },
]);

/** The call, and the same with each kind of forged routing headers. */
const forgedToo = (call: Call): Call[] => [
  call,
  ...forgeries.map(headers => ({
    ...call,
    headers: { ...call.headers, ...headers } as Record<string, string | string[]>,
  })),
];

/** Calls that name nobody or nothing, in all the forms that some rule might let past. */
const keyless: readonly Call[] = [
  {},
  { method: 'GET' },
  { path: '/' },
  { path: '/healthz' },
  { path: '/open/model' },
  { headers: { 'content-type': 'application/grpc' } },
  { headers: { host: 'open.example.com' } },
  { headers: { host: 'models.example.com:8080' } },
  { headers: { host: 'MODELS.example.com' } },
  { method: 'GET', headers: { connection: 'upgrade', upgrade: 'websocket' } },
  { method: 'GET', headers: { connection: 'upgrade', upgrade: 'tunnel' } },
];

/** What must reach no model where the check is not attached or nobody answers it; honest calls too. */
export const bypasses = (keys: MeshKeys): readonly Call[] =>
  [
    ...keyless,
    { body: body(keys.fraud) },
    { body: body(keys.churn) },
    { body: body(keys.fraud), headers: bearer(keys.viewer) },
    { path: `/model?accessKey=${keys.fraud}`, headers: bearer(keys.viewer) },
  ].flatMap(forgedToo);

/** What must not reach a model, or none but the one that it may call. */
export const misuses = (keys: MeshKeys): readonly { readonly call: Call; readonly may?: 'churn' }[] => {
  const refused: Call[] = [
    ...keyless,
    { body: body(keys.fraud) },
    { body: body(keys.fraud), headers: bearer(keys.outsider) },
    { path: `/model?accessKey=${keys.churn}`, body: body(keys.fraud), headers: bearer(keys.viewer) },
  ];
  const ofChurn: Call[] = [
    { body: body(keys.churn) },
    { path: '/open/model', body: body(keys.churn) },
    { method: 'GET', path: `/model?accessKey=${keys.churn}` },
    { headers: { host: 'open.example.com' }, body: body(keys.churn) },
  ];
  return [
    ...refused.flatMap(forgedToo).map(call => ({ call })),
    ...ofChurn.flatMap(forgedToo).map(call => ({ call, may: 'churn' as const })),
  ];
};
