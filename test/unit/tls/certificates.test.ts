import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { createLog } from '../../../src/log/log.ts';
import { Certificates } from '../../../src/tls/certificates.ts';
import { type KeepOptions, keepCertificates, rereader } from '../../../src/tls/keep-certificates.ts';
import { type CertificateFiles, readCertificates } from '../../../src/tls/read-certificates.ts';
import { makeAuthority, writePems } from '../../support/certificates.ts';

const authority = makeAuthority('ca');
const filesOf = ({ cert, key }: { cert: string; key: string }, clientCa?: string): CertificateFiles => ({
  cert: { setting: '--the-cert', path: cert },
  key: { setting: '--the-key', path: key },
  ...(clientCa === undefined ? {} : { clientCa: { setting: '--the-ca', path: clientCa } }),
});
const faultOf = (files: CertificateFiles) =>
  readCertificates(files).then(
    () => 'none',
    (fault: Error) => `${fault.name}: ${fault.message}`,
  );

describe('tls: reading certificates', () => {
  it('reads a pair, tells its end of validity, and asks for TLS 1.2 at least', async () => {
    const { cert, key } = writePems(authority.issue('server', 3_600_000));
    const { context, expiresAt } = await readCertificates(filesOf({ cert, key }));
    expect(Object.keys(context)).to.deep.equal(['cert', 'key', 'minVersion']);
    expect(context.minVersion).to.equal('TLSv1.2');
    expect(expiresAt).to.be.within(Date.now() + 3_500_000, Date.now() + 3_700_000);
  });

  it('names the setting and the file of what is missing, empty, or something else', async () => {
    const pems = writePems({ ...authority.issue('server'), empty: '' });
    const { cert, key, empty } = pems;
    expect(await faultOf(filesOf({ cert: '/none', key }))).to.equal(
      "CertificateError: --the-cert: /none can't be read: there is no such file",
    );
    expect(await faultOf(filesOf({ cert: key, key })))
      .to.contain('--the-cert')
      .and.to.contain('no certificate');
    expect(await faultOf(filesOf({ cert, key: cert })))
      .to.contain('--the-key')
      .and.to.contain('no private key');
    expect(await faultOf(filesOf({ cert, key }, empty)))
      .to.contain('--the-ca')
      .and.to.contain('no certificate');
  });

  it('says so where the key belongs to another certificate, or wants a passphrase', async () => {
    const { cert } = writePems(authority.issue('server'));
    const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' } as const;
    const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(cipher).toString();
    const { other, withPassphrase } = writePems({ other: authority.issue('other').key, withPassphrase: locked });
    expect(await faultOf(filesOf({ cert, key: other })))
      .to.contain('--the-key')
      .and.to.contain('does not match');
    expect(await faultOf(filesOf({ cert, key: withPassphrase }))).to.contain('passphrase');
  });
});

describe('tls: renewing certificates', () => {
  let files: CertificateFiles;
  let certificates: Certificates;
  let used: string[];
  beforeEach(async () => {
    const { cert, key } = writePems(authority.issue('first'));
    files = filesOf({ cert, key });
    certificates = await Certificates.read(files);
    used = [];
    certificates.onRenewed(({ cert: pem }) => used.push(pem.toString()));
  });
  const replace = ({ cert, key }: { cert: string; key: string }) => {
    writeFileSync(files.cert.path, cert);
    writeFileSync(files.key.path, key);
  };

  it('uses a new pair from the next reading on, and tells it once', async () => {
    const second = authority.issue('second');
    expect(await certificates.renew()).to.equal(false);
    replace(second);
    expect([await certificates.renew(), await certificates.renew()]).to.deep.equal([true, false]);
    expect(used).to.deep.equal([second.cert]);
  });

  it('keeps the former pair where the new one is broken or gone', async () => {
    const former = certificates.context;
    const breaks = [() => writeFileSync(files.key.path, authority.issue('x').key), () => rmSync(files.cert.path)];
    for (const spoil of breaks) {
      spoil();
      const fault = await certificates.renew().catch((error: Error) => error.name);
      expect(fault).to.equal('CertificateError');
      expect(certificates.context).to.equal(former);
    }
    expect(used).to.deep.equal([]);
  });

  const options = (lines: string[], rejected: () => void): KeepOptions => ({
    listener: 'check',
    files,
    log: createLog('info', { write: line => lines.push(JSON.parse(line).msg) }),
    now: Date.now,
    used: () => undefined,
    rejected,
  });

  it('logs and counts a broken pair once, and not while one of its files is still to come', async () => {
    const lines: string[] = [];
    let rejected = 0;
    const reread = rereader(
      certificates,
      options(lines, () => (rejected += 1)),
    );
    const second = authority.issue('second');
    writeFileSync(files.cert.path, second.cert);
    await reread();
    expect([lines, rejected]).to.deep.equal([[], 0]);
    await reread();
    await reread();
    expect([lines, rejected]).to.deep.equal([['changed certificate rejected, the former one stays in use'], 1]);
    replace(second);
    await reread();
    expect(lines.at(-1)).to.equal('certificate renewed');
  });

  it('warns of a key that others may read, and of a certificate that has expired', async () => {
    const lines: string[] = [];
    chmodSync(files.key.path, 0o640);
    const later = { ...options(lines, () => undefined), now: () => Date.now() + 2 * 86_400_000 };
    await (await keepCertificates(later)).stop();
    expect(lines).to.deep.equal(['others may read the private key: chmod 600 it', 'the certificate has expired']);
  });
});
