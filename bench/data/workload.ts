import { readFileSync, writeFileSync } from 'node:fs';

/** A serialized CheckRequest, and the HTTP status that it must be answered with; 200 means allow. */
export interface WorkloadRequest {
  readonly status: number;
  readonly message: Buffer;
}

/**
 * A workload file is "MGW1", the number of requests (u32), and per request the status (u16), the length (u32) and the
 * message; all numbers are little-endian. The form is the peers kit's.
 */
const magic = 'MGW1';

export function readWorkload(file: string): WorkloadRequest[] {
  const bytes = readFileSync(file);
  if (bytes.toString('latin1', 0, 4) !== magic) {
    throw new Error(`${file} is no workload`);
  }
  const requests: WorkloadRequest[] = [];
  let at = 8;
  for (let count = bytes.readUInt32LE(4); count > 0; count -= 1) {
    const end = at + 6 + bytes.readUInt32LE(at + 2);
    requests.push({ status: bytes.readUInt16LE(at), message: bytes.subarray(at + 6, end) });
    at = end;
  }
  return requests;
}

export function writeWorkload(file: string, requests: readonly WorkloadRequest[]): void {
  const head = Buffer.alloc(8);
  head.write(magic, 'latin1');
  head.writeUInt32LE(requests.length, 4);
  const parts = requests.flatMap(({ status, message }) => {
    const prefix = Buffer.alloc(6);
    prefix.writeUInt16LE(status);
    prefix.writeUInt32LE(message.length, 2);
    return [prefix, message];
  });
  writeFileSync(file, Buffer.concat([head, ...parts]));
}
