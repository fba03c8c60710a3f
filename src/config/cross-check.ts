import type { TcpAddress } from './parse-address.ts';
import { type Setting, settings, shownName } from './serve-settings.ts';

/** Settings that are allowed each by itself and not together, in words; a setting that is missing here had a fault of its own. */
export function crossCheck(config: Readonly<Record<string, unknown>>): string[] {
  const isSet = (name: keyof typeof settings) => (config[name] ?? '') !== '';
  const names = Object.fromEntries(
    Object.entries(settings).map(([name, { flag }]: [string, Setting<unknown>]) => [name, shownName(flag)]),
  ) as Record<keyof typeof settings, string>;
  const faults: string[] = [];
  for (const [cert, key] of [
    ['checkTlsCert', 'checkTlsKey'],
    ['adminTlsCert', 'adminTlsKey'],
  ] as const) {
    if (isSet(cert) !== isSet(key)) {
      const [given, missing] = isSet(cert) ? [cert, key] : [key, cert];
      faults.push(`${names[given]} is nothing without ${names[missing]}: set both, or neither`);
    }
  }
  if (isSet('checkTlsClientCa') && !isSet('checkTlsCert')) {
    faults.push(
      `${names.checkTlsClientCa} asks clients for certificates, which needs TLS: set ${names.checkTlsCert} too`,
    );
  }
  const listen = config['checkListen'];
  if (typeof listen === 'object' && listen !== null && 'socket' in listen && isSet('checkTlsCert')) {
    faults.push(
      `${names.checkTlsCert} is for HOST:PORT: a socket in ${names.checkListen} is guarded by its permissions`,
    );
  }
  return [...faults, ...oidcFaults(isSet, names), ...sharedAddresses(config, names)];
}

/** A provider needs all of what makes us known to it, and one origin that people come back to. */
function oidcFaults(
  isSet: (name: keyof typeof settings) => boolean,
  names: Readonly<Record<keyof typeof settings, string>>,
): string[] {
  const needed = (['oidcClientId', 'oidcClientSecretFile', 'adminUrl'] as const).filter(name => !isSet(name));
  if (isSet('oidcIssuer')) {
    return needed.map(name => `${names.oidcIssuer} needs ${names[name]}: set it too`);
  }
  const idle = (['oidcClientId', 'oidcClientSecretFile'] as const).filter(isSet);
  return idle.map(name => `${names[name]} is nothing without ${names.oidcIssuer}: set it too`);
}

/** Two listeners of one server on one address: the second would hear that another process has it. */
function sharedAddresses(
  config: Readonly<Record<string, unknown>>,
  names: Readonly<Record<keyof typeof settings, string>>,
): string[] {
  const users = new Map<string, string>();
  const faults: string[] = [];
  for (const name of ['checkListen', 'adminListen', 'opsListen'] as const) {
    const address = config[name] as Partial<TcpAddress> | undefined;
    if (address?.port) {
      const text = `${address.host}:${address.port}`;
      const other = users.get(text);
      if (other !== undefined) {
        faults.push(`${names[name]} is the address of ${other} too: give each its own`);
      }
      users.set(text, names[name]);
    }
  }
  return faults;
}
