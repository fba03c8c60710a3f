import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkClient } from './check-client.ts';
import { dataDirectory } from './data-directory.ts';
import { serveAgain, startServer } from './server.ts';
import { type Expected, fillSite, whenShortKeysHaveExpired, wrongVerdicts } from './verdicts.ts';

export interface WholeSite {
  readonly data: string;
  readonly expected: readonly Expected[];
}

/** What a server made of a damaged store: why it did not start, or the calls that came out wrong. */
export type Outcome = { readonly refused: string } | { readonly wrong: readonly string[] };

/** A data directory that was closed well, and what each call on it must come to. */
export async function wholeSite(): Promise<WholeSite> {
  const data = dataDirectory();
  const server = await startServer({ data });
  const expected = await fillSite(server);
  await server.close();
  return { data, expected };
}

/** A copy of the site's files; not of a socket that a killed server has left. */
export function copyOf({ data }: WholeSite): string {
  const copy = dataDirectory();
  for (const entry of readdirSync(data, { withFileTypes: true })) {
    if (entry.isFile()) copyFileSync(join(data, entry.name), join(copy, entry.name));
  }
  return copy;
}

/** Serves a copy of the site after harm was done to it, and asks every call. */
export async function afterHarm(site: WholeSite, harm: (copy: string) => void): Promise<Outcome> {
  const copy = copyOf(site);
  harm(copy);
  return servedFrom(copy, site);
}

/** Serves a folder that was a copy of the site, and asks every call. */
export async function servedFrom(copy: string, { expected }: WholeSite): Promise<Outcome> {
  const served = await serveAgain(copy, undefined, { now: whenShortKeysHaveExpired }).catch((error: Error) => error);
  if (served instanceof Error) {
    return { refused: served.message };
  }
  const checks = checkClient(served.checkPort);
  const wrong = await wrongVerdicts(checks, expected);
  checks.close();
  await served.close().catch(() => undefined);
  return { wrong };
}

/** Harm that changes some bytes of the database. */
export function onBytes(change: (bytes: Buffer) => Buffer): (copy: string) => void {
  return copy => {
    const file = join(copy, 'modelgate.db');
    writeFileSync(file, change(readFileSync(file)));
  };
}

/** Changes one byte, chosen by two numbers from 0 to 1, of those that hold anything: most of a small database is zeros. */
export function flipByte(place: number, bits: number): (copy: string) => void {
  return onBytes(bytes => {
    const used = [...bytes.keys()].filter(at => bytes[at] !== 0);
    const at = used[Math.floor(place * used.length)] as number;
    bytes[at] = (bytes[at] as number) ^ (1 + Math.floor(bits * 255));
    return bytes;
  });
}
