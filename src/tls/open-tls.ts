import type { TcpAddress } from '../config/parse-address.ts';
import type { Config } from '../config/read-config.ts';
import { type Setting, settings, shownName } from '../config/serve-settings.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Certificates } from './certificates.ts';
import { keepCertificates } from './keep-certificates.ts';
import type { CertificateFiles, NamedFile } from './read-certificates.ts';

export interface Tls {
  /** Undefined: that listener speaks plain text. */
  readonly check: Certificates | undefined;
  readonly admin: Certificates | undefined;
  stop(): Promise<void>;
}

interface TlsSurroundings {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Reads the certificates that are set and goes on reading them. Rejects with a CertificateError where one can't be used. */
export async function openTls(config: Config, surroundings: TlsSurroundings): Promise<Tls> {
  const check = await kept('check', filesOf(config, 'checkTlsCert', 'checkTlsKey', 'checkTlsClientCa'), surroundings);
  const admin = await kept('admin', filesOf(config, 'adminTlsCert', 'adminTlsKey'), surroundings);
  const { checkListen, adminListen } = config;
  const { log } = surroundings;
  if (!check && !('socket' in checkListen)) {
    warnOfPlainText(log, checkListen, settings.checkTlsCert);
  }
  if (!admin) {
    warnOfPlainText(log, adminListen, settings.adminTlsCert);
  }
  return {
    check: check?.certificates,
    admin: admin?.certificates,
    stop: async () => {
      await Promise.all([check?.stop(), admin?.stop()]);
    },
  };
}

type FileSetting = 'checkTlsCert' | 'checkTlsKey' | 'checkTlsClientCa' | 'adminTlsCert' | 'adminTlsKey';

function filesOf(
  config: Config,
  cert: FileSetting,
  key: FileSetting,
  clientCa?: FileSetting,
): CertificateFiles | undefined {
  const file = (name: FileSetting): NamedFile => ({ setting: shownName(settings[name].flag), path: config[name] });
  if (config[cert] === '') {
    return undefined;
  }
  const isAsked = clientCa !== undefined && config[clientCa] !== '';
  return { cert: file(cert), key: file(key), ...(isAsked ? { clientCa: file(clientCa) } : {}) };
}

async function kept(listener: 'check' | 'admin', files: CertificateFiles | undefined, surroundings: TlsSurroundings) {
  const { log, metrics, now } = surroundings;
  if (files === undefined) {
    return undefined;
  }
  // A count that begins with its first event looks to Prometheus as if nothing had happened.
  metrics.certificateRejected.inc({ listener }, 0);
  return keepCertificates({
    listener,
    files,
    log,
    now,
    used: expiresAt => metrics.certificateExpiry.set({ listener }, expiresAt / 1000),
    rejected: () => metrics.certificateRejected.inc({ listener }),
  });
}

function warnOfPlainText(log: Log, { host, port }: TcpAddress, setting: Setting<string>): void {
  if (!/^(localhost|127\.[\d.]+|::1)$/.test(host)) {
    log.warn(
      { address: `${host}:${port}`, setting: shownName(setting.flag) },
      'listening beyond this machine without TLS: keys travel in plain text',
    );
  }
}
