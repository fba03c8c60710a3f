import {
  parseCheckAddress,
  parseHosts,
  parseIssuer,
  parseNetworks,
  parseOrigin,
  parseTcpAddress,
} from './parse-address.ts';

/**
 * Every setting of `modelgate serve`, in one list: a flag and an environment variable of the same name,
 * from which the parser, `--help` and the README's table are made.
 */
export interface Setting<T> {
  /** Flag without its dashes; the environment variable is the same in capitals, after `MODELGATE_`. */
  readonly flag: string;
  readonly placeholder: string;
  readonly description: string;
  readonly fallback: string;
  /** Answers the value, or throws an Error whose message says what is allowed. */
  readonly parse: (text: string) => T;
}

const minute = 60_000;

export type LogFormat = 'json' | 'text';
export const logFormats: readonly LogFormat[] = ['json', 'text'];

export const settings = {
  data: setting('data', 'DIR', 'folder of the embedded store', './modelgate-data', notEmpty),
  checkListen: setting(
    'check-listen',
    'ADDRESS',
    'where Envoy asks (gRPC): HOST:PORT, or unix:PATH',
    '127.0.0.1:9191',
    parseCheckAddress,
  ),
  adminListen: setting(
    'admin-listen',
    'HOST:PORT',
    'where the admin API and the ops routes answer (HTTP)',
    '127.0.0.1:9192',
    parseTcpAddress,
  ),
  opsListen: setting(
    'ops-listen',
    'HOST:PORT',
    'where the ops routes answer alone as well (HTTP), for scrapers that need no way to the admin API',
    '',
    text => (text === '' ? undefined : parseTcpAddress(text)),
  ),
  adminUrl: setting(
    'admin-url',
    'URL',
    'where people open the admin pages, such as https://models.example.com; its host counts as one of --admin-hosts',
    '',
    parseOrigin,
  ),
  adminHosts: setting(
    'admin-hosts',
    'NAMES',
    'names under which the admin and ops listeners are asked, with commas between them: NAME or NAME:PORT; loopback names and the address that is connected to need not be named',
    '',
    parseHosts,
  ),
  trustedProxies: setting(
    'trusted-proxies',
    'NETWORKS',
    'proxies in front of the admin port whose X-Forwarded-For is believed, for the audit and for throttles: addresses and networks with commas between them, such as 10.0.0.0/8,fd00::/8',
    '',
    parseNetworks,
  ),
  sessionIdleMinutes: setting(
    'session-idle-minutes',
    'MINUTES',
    'a browser session ends after so long without any request',
    '30',
    wholeNumber(1, 24 * 60),
  ),
  sessionHours: setting(
    'session-hours',
    'HOURS',
    'a browser session ends so long after the sign-in, however much it is used',
    '12',
    wholeNumber(1, 30 * 24),
  ),
  oidcIssuer: setting(
    'oidc-issuer',
    'URL',
    'OpenID provider by which people sign in to the admin pages, by its issuer; http only for one on this machine',
    '',
    parseIssuer,
  ),
  oidcClientId: setting('oidc-client-id', 'ID', 'what the provider calls this site', '', anyText),
  oidcClientSecretFile: setting(
    'oidc-client-secret-file',
    'FILE',
    "file with the client's secret at the provider",
    '',
    anyFile,
  ),
  oidcName: setting('oidc-name', 'NAME', 'what the provider is called on the sign-in page', 'single sign-on', notEmpty),
  oidcCreateUsers: setting(
    'oidc-create-users',
    'BOOLEAN',
    'make a user, without any right, of whoever signs in at the provider for the first time; otherwise a site admin says beforehand who is who',
    'false',
    parseBoolean,
  ),
  checkTlsCert: setting(
    'check-tls-cert',
    'FILE',
    'certificate of the check port with its chain (PEM); read again when it changes',
    '',
    anyFile,
  ),
  checkTlsKey: setting('check-tls-key', 'FILE', 'private key of that certificate (PEM)', '', anyFile),
  checkTlsClientCa: setting(
    'check-tls-client-ca',
    'FILE',
    'CA whose client certificates may ask for checks (PEM); without it every client may',
    '',
    anyFile,
  ),
  adminTlsCert: setting(
    'admin-tls-cert',
    'FILE',
    'certificate of the admin port with its chain (PEM); read again when it changes',
    '',
    anyFile,
  ),
  adminTlsKey: setting('admin-tls-key', 'FILE', 'private key of that certificate (PEM)', '', anyFile),
  checkTransport: setting(
    'check-transport',
    'lean|grpc-js',
    'who carries checks: HTTP/2 of our own, or the library @grpc/grpc-js, slower and by others',
    'lean',
    oneOf('lean', 'grpc-js'),
  ),
  reflection: setting(
    'reflection',
    'BOOLEAN',
    'tell gRPC tools what the check port offers (grpc.reflection)',
    'false',
    parseBoolean,
  ),
  bodyBytesMax: setting(
    'body-bytes-max',
    'BYTES',
    "size at which a body counts as cut off; must equal Envoy's max_request_bytes",
    String(5 * 1024 * 1024),
    wholeNumber(1, 64 * 1024 * 1024),
  ),
  keepCredentials: setting(
    'keep-credentials',
    'BOOLEAN',
    'let the headers of API keys (Authorization, x-api-key, api-key, x-goog-api-key) go on to the model as they came; never the access key in header or query, nor a key of this site in any other header, a cookie or a query parameter',
    'false',
    parseBoolean,
  ),
  unreadyAnswer: setting(
    'unready-answer',
    'deny|error',
    'answer to checks while none can be decided: a denial with 503, or a gRPC error so that failure_mode_allow decides',
    'deny',
    oneOf('deny', 'error'),
  ),
  drainMs: setting(
    'drain-ms',
    'MS',
    'longest wait after SIGTERM for a hand-over and for calls under way, together',
    '10000',
    wholeNumber(0, 10 * minute),
  ),
  takeOverMs: setting(
    'take-over-ms',
    'MS',
    'longest wait for the server that runs on this data directory to hand over, at its SIGTERM; 0: refuse to start beside it',
    '0',
    wholeNumber(0, 60 * minute),
  ),
  apiKeysMax: quota('api-keys-max', 'API keys that a user or application may have', '1000'),
  applicationsMax: quota('applications-max', 'applications that a user may own', '200'),
  teamsMax: quota('teams-max', 'teams that a user may make, those it has left included', '200'),
  projectsMax: quota('projects-max', 'projects that a user may make, those it has given away included', '1000'),
  modelsMax: quota('models-max', 'models that a project may have', '1000'),
  auditKeepDays: setting(
    'audit-keep-days',
    'DAYS',
    'audit entries that are older are moved to files in the data directory (audit-archive), within a day; 0: never for their age',
    '400',
    wholeNumber(0, 36_500),
  ),
  auditEntriesMax: setting(
    'audit-entries-max',
    'COUNT',
    'beyond so many audit entries the oldest are moved there, down to nine tenths; 0: never for their number',
    '5000000',
    wholeNumber(0, 1_000_000_000),
  ),
  bootstrapKeyFile: setting(
    'bootstrap-key-file',
    'FILE',
    'file with the legacy key (mgl_…) of the first site admin, for unattended starts; ignored once one exists',
    '',
    anyFile,
  ),
  bootstrapAdmin: setting(
    'bootstrap-admin',
    'NAME',
    'username of the site admin that --bootstrap-key-file creates',
    'admin',
    notEmpty,
  ),
  logLevel: setting(
    'log-level',
    'LEVEL',
    'debug, info, warn or error',
    'info',
    oneOf('debug', 'info', 'warn', 'error'),
  ),
  logFormat: setting(
    'log-format',
    'json|text|auto',
    'what is written on standard error, a start that fails included: lines of JSON, or text for people; auto: text at a terminal, JSON elsewhere',
    'auto',
    oneOf('auto', ...logFormats),
  ),
} as const;

export function environmentName(flag: string): string {
  return `MODELGATE_${flag.toUpperCase().replaceAll('-', '_')}`;
}

/** Both names of a setting, as errors and warnings tell it. */
export function shownName(flag: string): string {
  return `--${flag} (${environmentName(flag)})`;
}

function setting<T>(
  flag: string,
  placeholder: string,
  description: string,
  fallback: string,
  parse: (text: string) => T,
): Setting<T> {
  return { flag, placeholder, description, fallback, parse };
}

/** What users may make; site admins and `apply` go beyond it. */
function quota(flag: string, what: string, fallback: string): Setting<number> {
  return setting(flag, 'COUNT', `${what}, unless a site admin makes more`, fallback, wholeNumber(1, 10_000_000));
}

function anyText(text: string): string {
  return text;
}

/** A file's name; empty: none. What is in it is found at the start. */
function anyFile(text: string): string {
  return text;
}

function notEmpty(text: string): string {
  if (text.trim() === '') {
    throw new Error('must not be empty');
  }
  return text;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new Error(`must be a whole number from ${least} to ${most}`);
    }
    return value;
  };
}

function parseBoolean(text: string): boolean {
  if (text !== 'true' && text !== 'false') {
    throw new Error('must be true or false');
  }
  return text === 'true';
}

function oneOf<const T extends string>(...allowed: readonly T[]): (text: string) => T {
  return text => {
    const found = allowed.find(each => each === text);
    if (found === undefined) {
      throw new Error(`must be one of ${allowed.join(', ')}`);
    }
    return found;
  };
}
