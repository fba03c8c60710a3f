import type { AdminApi } from './admin-api.ts';
import { churnPath, type DemoKeys, fraudPath, viewerKeysPath } from './demo-keys.ts';

/** One line of the table: what was called, what should come of it, what came. */
export interface DemoCall {
  readonly title: string;
  readonly want: string;
  readonly got: string;
}

interface Call {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Makes calls through Envoy and notes them, in order. */
class Round {
  readonly calls: DemoCall[] = [];
  readonly #gateway: string;

  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  /** `want` is `200 MODEL` for a call that a model answers, `STATUS REASON` for one that is turned away. */
  async call(title: string, want: string, { path = '/model', headers = {}, body = '' }: Call): Promise<void> {
    const response = await fetch(this.#gateway + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await response.text();
    const who = response.headers.get('x-modelgate-reason') ?? whoAnswered(text);
    this.calls.push({ title, want, got: `${response.status} ${who}` });
  }
}

function whoAnswered(text: string): string {
  try {
    const answer = JSON.parse(text) as { model?: string; errors?: object };
    return answer.model ?? Object.keys(answer.errors ?? {}).join(' ');
  } catch {
    return '(no JSON)';
  }
}

const bodyOf = (accessKey: string) =>
  JSON.stringify({ accessKey, request: { dob: '19 - 22', total_transaction: 731064773 } });
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** A round of calls that shows what is let through and what is turned away. Leaves the site as it found it, save one access key. */
export async function makeDemoCalls(gateway: string, api: AdminApi, keys: DemoKeys): Promise<readonly DemoCall[]> {
  const round = new Round(gateway);
  await allowedCalls(round, keys);
  await deniedCalls(round, keys);
  await changingCalls(round, api, keys);
  return round.calls;
}

async function allowedCalls(round: Round, keys: DemoKeys): Promise<void> {
  const headers = bearer(keys.apiKeyViewer);
  const { accessKeyFraud: fraud, accessKeyChurn: churn } = keys;
  const long = JSON.stringify({ request: { messages: ['x'.repeat(50_000)] }, accessKey: fraud });
  const huge = JSON.stringify({ request: 'x'.repeat(6_000_000) });
  await round.call('viewer, access key in the body', '200 fraud', { headers, body: bodyOf(fraud) });
  await round.call('the other access key picks the other model', '200 churn', { headers, body: bodyOf(churn) });
  await round.call('access key in the query', '200 fraud', { headers, path: `/model?accessKey=${fraud}`, body: '{}' });
  await round.call('access key with pasted blanks', '200 fraud', { headers, path: `/model?accessKey=%20${fraud}%20` });
  await round.call('access key in a header', '200 churn', { headers: { ...headers, 'x-model-access-key': churn } });
  await round.call('access key last in a long body', '200 fraud', { headers, body: long });
  await round.call('body of 6 MB, access key in the query', '200 fraud', {
    headers,
    path: `/model?accessKey=${fraud}`,
    body: huge,
  });
  await round.call('API key in x-api-key', '200 fraud', {
    headers: { 'x-api-key': keys.apiKeyViewer },
    body: bodyOf(fraud),
  });
  const forged = { ...headers, 'x-modelgate-target': 'churn', 'x-modelgate-principal': 'olivia' };
  await round.call('forged routing header is overwritten', '200 fraud', { headers: forged, body: bodyOf(fraud) });
  const busy = { ...headers, 'x-sample-busy': 'true' };
  await round.call("the model's own 429 passes unchanged", '429 model.busy', { headers: busy, body: bodyOf(fraud) });
}

async function deniedCalls(round: Round, keys: DemoKeys): Promise<void> {
  const { accessKeyFraud: fraud, accessKeyChurn: churn } = keys;
  const headers = bearer(keys.apiKeyViewer);
  const body = bodyOf(fraud);
  const huge = JSON.stringify({ request: 'x'.repeat(6_000_000), accessKey: fraud });
  await round.call('no API key', '401 api_key_missing', { body });
  await round.call('unknown API key', '401 api_key_invalid', { headers: bearer('nobody-has-this'), body });
  await round.call('expired API key', '401 api_key_expired', { headers: bearer(keys.apiKeyExpired), body });
  await round.call('legacy key as Bearer', '401 api_key_invalid', { headers: bearer(keys.legacyKeyViewer), body });
  await round.call("outsider's API key", '403 not_authorized', { headers: bearer(keys.apiKeyOutsider), body });
  await round.call('no access key', '400 access_key_missing', { headers, body: '{"request":{}}' });
  await round.call('misspelled member', '400 access_key_missing', { headers, body: `{"acessKey":"${fraud}"}` });
  await round.call('two access keys that differ', '400 access_key_ambiguous', {
    headers,
    path: `/model?accessKey=${churn}`,
    body,
  });
  await round.call('unknown access key', '404 access_key_unknown', { headers, body: bodyOf('m-nothing-has-this') });
  await round.call('access key beyond 5 MiB of body', '413 body_incomplete', { headers, body: huge });
}

/** Changes count for the next call after their answer. */
async function changingCalls(round: Round, api: AdminApi, keys: DemoKeys): Promise<void> {
  const { accessKeyFraud: fraud } = keys;
  await api('PATCH', fraudPath, { auth_enabled: false });
  await round.call('authentication switched off: nobody is asked', '200 fraud', { body: bodyOf(fraud) });
  await api('PATCH', fraudPath, { auth_enabled: true });
  await round.call('authentication switched on again', '401 api_key_missing', { body: bodyOf(fraud) });

  const { key_id, api_key } = await api('POST', viewerKeysPath, { comments: 'to be deleted' });
  const headers = bearer(String(api_key));
  await round.call('a new API key', '200 fraud', { headers, body: bodyOf(fraud) });
  await api('DELETE', `${viewerKeysPath}/${key_id}`);
  await round.call('the same key, just deleted', '401 api_key_invalid', { headers, body: bodyOf(fraud) });

  const viewer = bearer(keys.apiKeyViewer);
  const { access_key } = await api('POST', `${churnPath}:regenerate_access_key`);
  await round.call('regenerated access key, the old one', '404 access_key_unknown', {
    headers: viewer,
    body: bodyOf(keys.accessKeyChurn),
  });
  await round.call('regenerated access key, the new one', '200 churn', {
    headers: viewer,
    body: bodyOf(String(access_key)),
  });
}
