import { isIP } from 'node:net';
export type CheckAddress = { readonly host: string; readonly port: number } | { readonly socket: string };
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** Throws, as all of these do, an Error whose message says what is allowed. */
export function parseTcpAddress(text: string): TcpAddress {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]\s]+)):(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.['port']);
  if (!match || port > 65_535) {
    throw new Error('must be HOST:PORT, such as 127.0.0.1:9191 or [::1]:9191');
  }
  return { host: (match.groups?.['v6'] ?? match.groups?.['host']) as string, port };
}

/** Of a socket too. */
export function parseCheckAddress(text: string): CheckAddress {
  if (!text.startsWith('unix:')) {
    return parseTcpAddress(text);
  }
  const socket = text.slice('unix:'.length);
  if (socket === '' || Buffer.byteLength(socket) > 107) {
    throw new Error('must be unix:PATH with a path of at most 107 bytes');
  }
  return { socket };
}

/** An origin, as browsers write it; empty: none. */
export function parseOrigin(text: string): string | undefined {
  if (text === '') {
    return undefined;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(text.toLowerCase());
  if (!url || !isOrigin) {
    throw new Error('must be https://NAME or http://NAME, with or without a port, and nothing behind it');
  }
  return url.origin;
}

/** Anybody between here and the provider could sign in as anybody, if it were not for TLS. */
export function parseIssuer(text: string): string {
  if (text === '') {
    return text;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (!url || (url.protocol !== 'https:' && !isLocal) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new Error('must be https://… as the provider writes it, without a query (http:// for localhost only)');
  }
  return text;
}

/** Names with or without a port, in lower case; an IPv6 address alone without brackets. */
export function parseHosts(text: string): readonly string[] {
  const hosts = text
    .toLowerCase()
    .split(',')
    .map(each => each.trim());
  const named = hosts.filter(host => host !== '');
  if (!named.every(host => /^(\[[0-9a-f:.]+\]|[0-9a-z._-]+)(:\d{1,5})?$/.test(host))) {
    throw new Error('must be names with commas between them, such as models.example.com,models.internal:8443');
  }
  return named.map(host => host.replace(/^\[(.*)\]$/, '$1'));
}

/** IP addresses and networks in CIDR form; none that takes in everybody: then anybody could say to be anyone. */
export function parseNetworks(text: string): readonly string[] {
  const networks = text.split(',').map(each => each.trim());
  const named = networks.filter(network => network !== '');
  if (!named.every(isNetwork)) {
    throw new Error(
      'must be addresses and networks with commas between them, such as 10.0.0.7,192.168.0.0/16,fd00::/8, none of them everybody (/0)',
    );
  }
  return named;
}

function isNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const family = isIP(address);
  const isLength = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) >= 1);
  return family !== 0 && isLength && more.length === 0 && Number(length ?? 1) <= (family === 4 ? 32 : 128);
}
