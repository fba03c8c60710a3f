import { stat } from 'node:fs/promises';
import type { Log } from '../log/log.ts';
import { Certificates } from './certificates.ts';
import type { CertificateFiles } from './read-certificates.ts';

export interface KeepOptions {
  /** The listener's name in logs and metrics. */
  readonly listener: 'check' | 'admin';
  readonly files: CertificateFiles;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of the end of validity, in milliseconds since 1970, of what is in use. */
  readonly used: (expiresAt: number) => void;
  readonly rejected: () => void;
}

export interface KeptCertificates {
  readonly certificates: Certificates;
  stop(): Promise<void>;
}

/** How often the files are read again: a mounted secret changes by a rename of folders, which no file watch is sure to tell. */
const rereadMs = 5000;

/** Reads a listener's certificates, and again from time to time. Rejects with a CertificateError where the first ones can't be used. */
export async function keepCertificates(options: KeepOptions): Promise<KeptCertificates> {
  const { listener, files, log, now, used } = options;
  const certificates = await Certificates.read(files);
  if (((await stat(files.key.path)).mode & 0o077) !== 0) {
    log.warn({ listener, file: files.key.path }, 'others may read the private key: chmod 600 it');
  }
  if (certificates.expiresAt < now()) {
    log.warn({ listener, expires_at: new Date(certificates.expiresAt) }, 'the certificate has expired');
  }
  used(certificates.expiresAt);
  const reread = rereader(certificates, options);
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(reread);
  }, rereadMs);
  timer.unref();
  return {
    certificates,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

/** Never rejects. A fault is told when it is met twice in a row: in between, one of two files may be still to come. */
export function rereader(certificates: Certificates, options: KeepOptions): () => Promise<void> {
  const { listener, log, used, rejected } = options;
  let fault = '';
  let times = 0;
  return async () => {
    try {
      if (await certificates.renew()) {
        used(certificates.expiresAt);
        log.info({ listener, expires_at: new Date(certificates.expiresAt) }, 'certificate renewed');
      }
      times = 0;
    } catch (error) {
      const { message } = error as Error;
      times = message === fault ? times + 1 : 1;
      fault = message;
      if (times === 2) {
        log.error({ listener, err: error }, 'changed certificate rejected, the former one stays in use');
        rejected();
      }
    }
  };
}
