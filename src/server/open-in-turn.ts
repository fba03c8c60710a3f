import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/read-config.ts';
import { settings } from '../config/serve-settings.ts';
import { takeOver } from '../hand-over/take-over.ts';
import type { Health } from '../health/health.ts';
import type { Log } from '../log/log.ts';
import { openStore, storeInUse } from '../store/sqlite/open-store.ts';
import { StoreError } from '../store/store-error.ts';
import { close, listen } from './http-listener.ts';
import type { StoreWatch } from './store-watch.ts';

export interface OpenInTurnOptions {
  readonly config: Config;
  readonly watch: StoreWatch;
  readonly now: () => number;
  readonly log: Log;
  readonly health: Health;
  /** Ops routes for the time of waiting, as the admin port answers them later, and as the ops port does. */
  readonly createProbes: { readonly admin: () => FastifyInstance; readonly ops: () => FastifyInstance };
}

/** Time for a probe that is being answered when the wait ends, in milliseconds. */
const probeDrainMs = 100;

/**
 * Opens the store; where another server has it, when that one gives it up. Meanwhile `/healthz` says that this process is alive, and `/readyz`
 * what it waits for, so that nobody ends it for waiting. Rejects as `openStore` does.
 */
export async function openInTurn({ config, watch, now, log, health, createProbes }: OpenInTurnOptions) {
  const { data, takeOverMs, adminListen, opsListen } = config;
  const open = () => openStore({ dataDirectory: data, now, observe: watch.observe, warn: log.warn.bind(log) });
  let answering: Promise<FastifyInstance[]> | undefined;
  const answer = async () => {
    const admin = await listenIfFree(createProbes.admin(), adminListen, settings.adminListen.flag, log);
    const { flag } = settings.opsListen;
    const ops = opsListen === undefined ? [] : await listenIfFree(createProbes.ops(), opsListen, flag, log);
    return [...admin, ...ops];
  };
  try {
    return await takeOver({
      dataDirectory: data,
      limitMs: takeOverMs,
      open,
      close: store => store.close(),
      isInUse: fault => fault instanceof StoreError && fault.code === 'in_use',
      inUse: () => storeInUse(data),
      onWait: handsOver => {
        const { detail, message } = handsOver ? handingOver : ending;
        health.add('store', () => ({ ok: false, detail }));
        log.info({ data }, message);
        // One that hands over has its addresses already; one that still starts would find them taken by us.
        answering = handsOver ? (answering ?? answer()) : answering;
      },
    });
  } finally {
    // The addresses are the admin API's and the ops routes' from here on.
    await Promise.all(((await answering) ?? []).map(server => close(server, probeDrainMs)));
  }
}

const handingOver = {
  detail: 'waiting to take over: the server on this data directory has not handed over yet',
  message: 'waiting for the server on this data directory to hand over',
};
const ending = {
  detail: 'waiting to take over: another process has this data directory',
  message: 'waiting for the process that has this data directory to end',
};

/** On one machine the server that we wait for has the address itself, and answers there; nobody needs us then. */
async function listenIfFree(
  server: FastifyInstance,
  address: Config['adminListen'],
  flag: string,
  log: Log,
): Promise<FastifyInstance[]> {
  try {
    const port = await listen(server, address, { flag, inherit: once => once() });
    log.info({ host: address.host, port }, 'answering probes while waiting');
    return [server];
  } catch {
    await server.close();
    return [];
  }
}
