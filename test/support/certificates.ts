import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectory } from './data-directory.ts';

/** A certificate with its key, both in PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** The root's certificate in PEM. */
  readonly cert: string;
  /** A certificate for 127.0.0.1, ::1 and localhost, for servers and clients alike. */
  issue(name: string, validMs?: number): Issued;
}

const day = 86_400_000;

/** A certificate authority that lives as long as a test. (Node.js reads certificates and makes none: RFC 5280, section 4.1.) */
export function makeAuthority(name: string): Authority {
  const keys = newKeys();
  const cert = certificate({
    subject: name,
    issuer: name,
    subjectKey: keys.publicKey,
    signer: keys.privateKey,
    isCa: true,
  });
  return {
    cert,
    issue: (subject, validMs = day) => {
      const { publicKey, privateKey } = newKeys();
      const signed = { subject, issuer: name, subjectKey: publicKey, signer: keys.privateKey, isCa: false, validMs };
      return { cert: certificate(signed), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    },
  };
}

/** Writes texts to files of a fresh folder, for their owner alone; answers their paths. */
export function writePems<K extends string>(
  texts: Readonly<Record<K, string>>,
  folder = dataDirectory(),
): Record<K, string> {
  const paths = Object.entries<string>(texts).map(([name, text]) => {
    const path = join(folder, `${name}.pem`);
    writeFileSync(path, text, { mode: 0o600 });
    return [name, path];
  });
  return Object.fromEntries(paths) as Record<K, string>;
}

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

interface Content {
  readonly subject: string;
  readonly issuer: string;
  readonly subjectKey: KeyObject;
  readonly signer: KeyObject;
  readonly isCa: boolean;
  readonly validMs?: number;
}

function certificate({ subject, issuer, subjectKey, signer, isCa, validMs = day }: Content): string {
  const now = Date.now();
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    distinguishedName(issuer),
    sequence(time(now - day), time(now + validMs)),
    distinguishedName(subject),
    subjectKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(isCa ? basicConstraints : subjectAltName)),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, signer)]));
  const lines = sequence(body, ecdsaWithSha256, signature)
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function time(at: number): Buffer {
  const [digits = ''] = new Date(at).toISOString().replaceAll(/[-:T]/g, '').split('.');
  return der(0x18, Buffer.from(`${digits}Z`));
}

function distinguishedName(name: string): Buffer {
  const commonName = sequence(oid('550403'), der(0x0c, Buffer.from(name)));
  return sequence(der(0x31, commonName));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const isTrue = der(0x01, Buffer.from([0xff]));
const basicConstraints = sequence(oid('551d13'), isTrue, der(0x04, sequence(isTrue)));
const subjectAltName = sequence(
  oid('551d11'),
  der(
    0x04,
    sequence(
      der(0x87, Buffer.from([127, 0, 0, 1])),
      der(0x87, Buffer.from('00000000000000000000000000000001', 'hex')),
      der(0x82, Buffer.from('localhost')),
    ),
  ),
);
