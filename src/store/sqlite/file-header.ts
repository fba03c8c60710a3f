import { open } from 'node:fs/promises';

/** What the first bytes of a database's file say, without SQLite: a look by SQLite may change files. */
export interface FileHeader {
  /** Whether it is one file without a log, as a backup is. */
  readonly takesNoLog: boolean;
  readonly userVersion: number;
}

const headerBytes = 100;

/** A file that is missing, can't be read or is too short says nothing. */
export async function readHeader(file: string): Promise<FileHeader> {
  const handle = await open(file).catch(() => undefined);
  try {
    const read = await handle?.read(Buffer.alloc(headerBytes), 0, headerBytes, 0).catch(() => undefined);
    return read && read.bytesRead === headerBytes
      ? { takesNoLog: read.buffer[18] === 1 && read.buffer[19] === 1, userVersion: read.buffer.readUInt32BE(60) }
      : { takesNoLog: false, userVersion: 0 };
  } finally {
    await handle?.close();
  }
}
