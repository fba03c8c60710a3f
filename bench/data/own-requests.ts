import {
  accessKeyOf,
  isActive,
  isExpired,
  isForApi,
  isOpen,
  membershipsOf,
  type OwnSet,
  secretOf,
} from './own-tables.ts';
import { encodeCheckRequest } from './wire.ts';
import type { WorkloadRequest } from './workload.ts';

/** A call, and the status that it deserves; what is empty is left out. */
interface Call {
  readonly accessKey: string;
  readonly apiKey: string;
  readonly status: number;
}

type Draw = (most: number) => number;

/** The kit's mixture: seven of ten calls allowed, one of them without a key, and the rest denials of eight kinds. */
export function ownRequests(set: OwnSet, count: number, body: (accessKey: string) => string): WorkloadRequest[] {
  const draw = drawFrom(count);
  const denials = denialsOf(set, draw);
  return Array.from({ length: count }, (_, at) => {
    const slot = at % 10;
    const call = slot < 6 ? allowed(set, draw) : slot < 7 ? open(set, draw) : (denials[draw(8)] as () => Call)();
    return { status: call.status, message: toRequest(call, body(call.accessKey), draw) };
  });
}

function denialsOf(set: OwnSet, draw: Draw): readonly (() => Call)[] {
  const good = () => allowed(set, draw);
  return [
    () => ({ ...good(), accessKey: '', status: 400 }),
    () => ({ ...good(), accessKey: accessKeyOf(draw(1e9), 'unknown'), status: 404 }),
    () => ({ ...good(), apiKey: '', status: 401 }),
    () => ({ ...good(), apiKey: secretOf(draw(1e9), 'unknown'), status: 401 }),
    () => pair(set, draw, 401, key => isExpired(key), mayCall),
    () => pair(set, draw, 403, key => !isExpired(key) && !isForApi(key), mayCall),
    () => pair(set, draw, 403, isGood, permission => permission === undefined),
    () => pair(set, draw, 403, isGood, permission => permission === 'business_user'),
  ];
}

const isGood = (key: number) => !isExpired(key) && isForApi(key);
const mayCall = (permission: string | undefined) => permission !== undefined && permission !== 'business_user';

const allowed = (set: OwnSet, draw: Draw) => pair(set, draw, 200, isGood, mayCall);

function open({ models }: OwnSet, draw: Draw): Call {
  return { accessKey: accessKeyOf(draw(models / 10) * 10 + 9), apiKey: '', status: 200 };
}

/** Draws keys and models until a pair fits. */
function pair(
  set: OwnSet,
  draw: Draw,
  status: number,
  fitsKey: (key: number) => boolean,
  fitsPermission: (permission: string | undefined) => boolean,
): Call {
  for (;;) {
    const key = draw(set.keys);
    const user = key % set.users;
    const memberships = membershipsOf(user, set);
    const projects = [...memberships.keys(), draw(set.projects)];
    const project = projects[draw(projects.length)] as number;
    const model = project + draw(Math.floor(set.models / set.projects)) * set.projects;
    if (isActive(user) && fitsKey(key) && !isOpen(model) && fitsPermission(memberships.get(project))) {
      return { accessKey: accessKeyOf(model), apiKey: secretOf(key), status };
    }
  }
}

function toRequest({ apiKey }: Call, body: string, draw: Draw): Buffer {
  const headers: Record<string, string> = {
    ':authority': 'models.example.test',
    ':method': 'POST',
    ':path': '/model',
    ':scheme': 'http',
    accept: '*/*',
    'accept-encoding': 'gzip, deflate',
    'content-length': String(Buffer.byteLength(body)),
    'content-type': 'application/json',
    'user-agent': 'python-requests/2.32.3',
    'x-envoy-auth-partial-body': 'false',
    'x-forwarded-for': '10.1.2.3',
    'x-forwarded-proto': 'https',
    'x-request-id': `00000000-0000-4000-9000-${String(draw(1e9)).padStart(12, '0')}`,
    ...(apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
  };
  const http = { method: 'POST', headers, path: '/model', host: 'models.example.test', protocol: 'HTTP/1.1', body };
  return encodeCheckRequest({ attributes: { request: { http } } });
}

/** Numbers that look drawn and are the same in every run (the constants of Numerical Recipes). */
function drawFrom(seed: number): Draw {
  let state = seed;
  return most => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}
