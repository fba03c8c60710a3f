import {
  type CertificateFiles,
  type ReadCertificates,
  readCertificates,
  type TlsContext,
} from './read-certificates.ts';

/** The certificates of one listener, and word of newer ones. */
export class Certificates {
  readonly #files: CertificateFiles;
  readonly #listeners: ((context: TlsContext) => void)[] = [];
  #current: ReadCertificates;

  private constructor(files: CertificateFiles, current: ReadCertificates) {
    this.#files = files;
    this.#current = current;
  }

  /** Rejects with a CertificateError where the files can't be used. */
  static async read(files: CertificateFiles): Promise<Certificates> {
    return new Certificates(files, await readCertificates(files));
  }

  get context(): TlsContext {
    return this.#current.context;
  }

  /** Milliseconds since 1970. */
  get expiresAt(): number {
    return this.#current.expiresAt;
  }

  /** `use` gets every newer context; connections that are open go on with the former one. */
  onRenewed(use: (context: TlsContext) => void): void {
    this.#listeners.push(use);
  }

  /**
   * Reads the files again; true: they have changed, and the new ones are in use. Rejects with a
   * CertificateError where they can't be used; the former ones stay in use.
   */
  async renew(): Promise<boolean> {
    const read = await readCertificates(this.#files);
    if (isSame(read.context, this.#current.context)) {
      return false;
    }
    this.#current = read;
    for (const use of this.#listeners) {
      use(read.context);
    }
    return true;
  }
}

/** Contents are compared, not times: a secret that is mounted anew may keep its time. */
function isSame(one: TlsContext, other: TlsContext): boolean {
  const { ca = Buffer.alloc(0) } = other;
  return one.cert.equals(other.cert) && one.key.equals(other.key) && (one.ca ?? Buffer.alloc(0)).equals(ca);
}
