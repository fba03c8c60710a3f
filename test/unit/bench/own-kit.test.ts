import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fillStore } from '../../../bench/data/fill-store.ts';
import { ownRequests } from '../../../bench/data/own-requests.ts';
import { ownSet, writeOwnTables } from '../../../bench/data/own-tables.ts';
import { decodeCheckRequest } from '../../../bench/data/wire.ts';
import { readWorkload, writeWorkload } from '../../../bench/data/workload.ts';
import { grow } from '../../../bench/growth/grown-requests.ts';
import { createCheckAnswerer } from '../../../src/check/create-check-answerer.ts';
import { loadAuthorizationPackage } from '../../../src/check/wire/authorization-service.ts';
import { ByteWriter } from '../../../src/check/wire/byte-writer.ts';
import { FlatIndex } from '../../../src/snapshot/flat-index.ts';
import { SnapshotCell } from '../../../src/snapshot/snapshot-cell.ts';
import { author, everythingIn, openSqlite, user } from '../../support/store.ts';

const { responseDeserialize } = loadAuthorizationPackage().Authorization.service.Check;

const set = ownSet(20, 200);
const requests = ownRequests(set, 200, accessKey => JSON.stringify({ accessKey: accessKey || undefined, request: {} }));
const folder = mkdtempSync(join(tmpdir(), 'modelgate-bench-test-'));

/** What a server on the tables answers: the statuses of all requests. */
async function answers(messages: readonly Buffer[]): Promise<number[]> {
  const store = await openSqlite();
  await store.write(author, writes => writes.insertUser(user('bench-admin', true)));
  await writeOwnTables(folder, set);
  await fillStore(store, folder, 'bench-admin');
  const cell = new SnapshotCell();
  cell.publish(FlatIndex.build(await everythingIn(store)), 0);
  await store.close();
  const observer = { decided: () => undefined, sent: () => undefined, failed: () => undefined };
  const options = { cell, bodyBytesMax: 2 ** 20, keepCredentials: false, unreadyAnswer: 'deny', observer } as const;
  const answerer = createCheckAnswerer({ ...options, now: Date.now, ticks: () => 0 });
  return messages.map(message => {
    const out = new ByteWriter(4096);
    answerer.begin();
    answerer.answer(message, 0, message.length, out);
    return responseDeserialize(Buffer.from(out.buffer.subarray(0, out.at))).deniedResponse?.status?.code ?? 200;
  });
}

describe('requests of the benchmarks', () => {
  after(() => rmSync(folder, { recursive: true }));

  it('deserve the status that they are judged by, on a store that the tables filled', async () => {
    expect(await answers(requests.map(({ message }) => message))).to.eql(requests.map(({ status }) => status));
    expect(new Set(requests.map(({ status }) => status))).to.eql(new Set([200, 400, 401, 403, 404]));
  });

  it('deserve the same when their bodies and headers have grown', async () => {
    const grown = requests.map(request => grow(grow(request, { bodyBytes: 4096 }), { headers: 50 }));
    expect(await answers(grown.map(({ message }) => message))).to.eql(requests.map(({ status }) => status));
    const { headers, body } = decodeCheckRequest(grown[0]?.message as Buffer).attributes?.request?.http ?? {};
    expect([Object.keys(headers ?? {}).length, body?.length]).to.eql([50, 4096]);
  });

  it('come back from a workload file as they were', () => {
    const file = join(folder, 'some.workload');
    writeWorkload(file, requests);
    expect(readWorkload(file)).to.eql(requests);
  });
});
