import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Permission } from '../../src/changes/change-set.ts';

/** The kit's tables, row by row; its README says what the columns mean. */

export interface ModelLine {
  readonly accessKey: string;
  readonly model: string;
  readonly project: string;
  readonly authEnabled: boolean;
}

export interface KeyLine {
  readonly digest: string;
  readonly keyId: string;
  readonly owner: string;
  readonly ownerActive: boolean;
  /** Seconds since 1970; 0: never. */
  readonly expiry: number;
  readonly forApi: boolean;
}

export interface MemberLine {
  readonly project: string;
  readonly principal: string;
  readonly permission: Permission;
}

export async function* readModels(folder: string): AsyncGenerator<ModelLine> {
  for await (const [accessKey = '', model = '', project = '', auth] of lines(folder, 'models')) {
    yield { accessKey, model, project, authEnabled: auth === '1' };
  }
}

export async function* readKeys(folder: string): AsyncGenerator<KeyLine> {
  for await (const [digest = '', keyId = '', owner = '', active, expiry, forApi] of lines(folder, 'keys')) {
    yield { digest, keyId, owner, ownerActive: active === '1', expiry: Number(expiry), forApi: forApi === '1' };
  }
}

export async function* readMembers(folder: string): AsyncGenerator<MemberLine> {
  for await (const [project = '', principal = '', permission] of lines(folder, 'members')) {
    yield { project, principal, permission: permission as Permission };
  }
}

async function* lines(folder: string, table: string): AsyncGenerator<string[]> {
  for await (const line of createInterface({ input: createReadStream(join(folder, `${table}.tsv`)) })) {
    yield line.split('\t');
  }
}

/** The rows in pieces, so that a million of them are never in memory at once. */
export async function* inPieces<T>(rows: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let piece: T[] = [];
  for await (const row of rows) {
    if (piece.push(row) === size) {
      yield piece;
      piece = [];
    }
  }
  if (piece.length > 0) {
    yield piece;
  }
}
