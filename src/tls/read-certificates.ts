import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { systemFaultWords } from '../words/system-fault.ts';

/** A file and how to name the setting that it comes from. */
export interface NamedFile {
  readonly setting: string;
  readonly path: string;
}

/** The files of one listener, all in PEM. */
export interface CertificateFiles {
  /** The certificate, and those between it and the root after it. */
  readonly cert: NamedFile;
  readonly key: NamedFile;
  /** Absent: clients are not asked for a certificate. */
  readonly clientCa?: NamedFile;
}

/** What a TLS listener of Node.js is given; whole each time, since it forgets what is left out. */
export interface TlsContext {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
  readonly minVersion: 'TLSv1.2';
}

export interface ReadCertificates {
  readonly context: TlsContext;
  /** End of the certificate's validity, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Certificate files that can't be used; the message names the setting and what is wrong. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** Reads and tries the files of a listener. Rejects with a CertificateError. */
export async function readCertificates(files: CertificateFiles): Promise<ReadCertificates> {
  const { cert, key, clientCa } = files;
  const context: TlsContext = {
    cert: await readPem(cert),
    key: await readPem(key),
    ...(clientCa ? { ca: await readPem(clientCa) } : {}),
    minVersion: 'TLSv1.2',
  };
  const certificate = parsedCertificate(cert, context.cert);
  if (!certificate.checkPrivateKey(parsedKey(key, context.key))) {
    throw new CertificateError(`${named(key)} does not match the certificate of ${named(cert)}`);
  }
  if (clientCa && context.ca) {
    // Without a certificate in it, every public CA would be trusted.
    parsedCertificate(clientCa, context.ca);
  }
  try {
    createSecureContext(context);
  } catch (fault) {
    throw new CertificateError(`${named(cert)} can't be used (${(fault as NodeJS.ErrnoException).code})`);
  }
  return { context, expiresAt: Date.parse(certificate.validTo) };
}

async function readPem(file: NamedFile): Promise<Buffer> {
  return readFile(file.path).catch((fault: NodeJS.ErrnoException) => {
    throw new CertificateError(`${named(file)} can't be read: ${systemFaultWords(fault)}`);
  });
}

function parsedCertificate(file: NamedFile, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new CertificateError(`${named(file)} holds no certificate in PEM`);
  }
}

function parsedKey(file: NamedFile, pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new CertificateError(`${named(file)} holds no private key in PEM, or one with a passphrase`);
  }
}

function named({ setting, path }: NamedFile): string {
  return `${setting}: ${path}`;
}
