import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '../../src/keys/digest.ts';

/** The admin API of a server that is being measured. */
export interface AdminAccess {
  readonly url: string;
  readonly legacyKey: string;
}

/** What is changed while checks are answered. */
export interface Changes {
  /** One request for each change, or many of them in one document. */
  readonly form: 'single' | 'bulk';
  readonly perSecond: number;
}

export interface ChangeLoad {
  /** Changes that were made so far. */
  made(): number;
  /** Resolves when those under way are done. Rejects where the server refused one. */
  stop(): Promise<void>;
}

/** Requests under way at once, each on a connection of its own: as a site's scripts and people send them. */
const connections = 4;
/** Rows of a document in the bulk form: two documents a second at the pace that is asked for. */
const rowsPerDocument = 250;
/** A principal that every set has, and that no request is from. */
const holder = 'bench-admin';

/** Makes changes at a steady pace until it is stopped; where the server can't keep up, as many as it takes. */
export function startChanges(admin: AdminAccess, { form, perSecond }: Changes): ChangeLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const call = (method: string, path: string, body?: object) => send(agent, admin, method, path, body);
  const step = form === 'single' ? singleStep(call) : bulkStep(call);
  const perStep = form === 'single' ? 1 : rowsPerDocument;
  const gapMs = (perStep * 1000) / perSecond;
  const begun = performance.now();
  let steps = 0;
  let made = 0;
  let stopped = false;
  const worker = async () => {
    while (!stopped) {
      const due = begun + steps * gapMs;
      steps += 1;
      await sleep(Math.max(0, due - performance.now()));
      await step();
      made += perStep;
    }
  };
  // Documents go one after another: the next one turns back what the one before did.
  const workers = Array.from({ length: form === 'single' ? connections : 1 }, worker);
  const ended = Promise.all(workers).finally(() => {
    stopped = true;
    agent.destroy();
  });
  ended.catch(() => undefined);
  return {
    made: () => made,
    stop: async () => {
      stopped = true;
      await ended;
    },
  };
}

type Call = (method: string, path: string, body?: object) => Promise<string>;

/** A key is made by one step and deleted by another. */
function singleStep(call: Call): () => Promise<void> {
  const path = `/api/v2/users/${holder}/v2_keys`;
  const made: string[] = [];
  return async () => {
    const keyId = made.shift();
    if (keyId === undefined) {
      made.push(JSON.parse(await call('POST', path, {})).key_id);
    } else {
      await call('DELETE', `${path}/${keyId}`);
    }
  };
}

/** The same keys each time, for one audience and then for the other. */
function bulkStep(call: Call): () => Promise<void> {
  let turn = 0;
  return async () => {
    turn += 1;
    const audiences = [turn % 2 === 0 ? 'API' : 'Application'];
    const api_keys = Array.from({ length: rowsPerDocument }, (_, n) => {
      const key_id = `bench-bulk-${n}`;
      return { key_id, username: holder, digest: digestOf(key_id), audiences };
    });
    await call('POST', '/api/v2/site:apply', { api_keys });
  };
}

function send(
  agent: Agent,
  { url, legacyKey }: AdminAccess,
  method: string,
  path: string,
  body?: object,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${legacyKey}`, 'content-type': 'application/json' };
    const sent = request(`${url}${path}`, {
      agent,
      method,
      headers: body ? headers : { authorization: headers.authorization },
    });
    sent.once('error', reject);
    sent.once('response', response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        const ok = (response.statusCode ?? 0) < 300;
        ok ? resolve(text) : reject(new Error(`${method} ${path} was answered ${response.statusCode}: ${text}`));
      });
    });
    sent.end(body && JSON.stringify(body));
  });
}
