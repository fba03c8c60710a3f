import type { FastifyInstance } from 'fastify';
import { createAdminServer } from './admin/admin-server.ts';
import type { AdminContext, KeyValidity } from './admin/context.ts';
import { createCheckHandler } from './check/check-handler.ts';
import { createCheckObserver } from './check/check-observer.ts';
import { DenialRing } from './check/denial-ring.ts';
import { type CheckServer, startCheckServer } from './check/grpc-server.ts';
import { KeyUses } from './check/key-uses.ts';
import type { Config } from './config/read-config.ts';
import type { TcpAddress } from './config/settings.ts';
import { judgeApiKey } from './decision/judge-api-key.ts';
import { effectivePermission } from './decision/permission.ts';
import { createFirstAdmin, requireAdmin, StartError } from './first-admin.ts';
import { Health } from './health/health.ts';
import { createLog, type Log } from './log/log.ts';
import { addSnapshotAge, createMetrics, type Metrics } from './metrics/metrics.ts';
import { SnapshotCell } from './snapshot/snapshot-cell.ts';
import { openStore } from './store/sqlite/open-store.ts';
import type { Store } from './store/store.ts';
import { StoreFollower } from './sync/follow-store.ts';
import { createFollowerObserver } from './sync/follower-observer.ts';
import { readVersion } from './version.ts';

/** What stands behind a running server that a test replaces; everything else is real. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

export interface RunningServer {
  /** Port of the check service; undefined on a socket. */
  readonly checkPort: number | undefined;
  readonly adminPort: number;
  readonly denials: DenialRing;
  /** Drains and ends everything; safe to call once. */
  close(): Promise<void>;
}

/** How often the uses of keys are written down: lists show them accurate to a minute (B32). */
const keyUseFlushMs = 20_000;
const servingCheckMs = 1000;
/** Admin requests are short; whoever still sends after this has stopped halfway. */
const adminDrainMsMax = 2000;
const oldestPatchedNodeMajor = 22;

/** Makes the store and its first site admin; answers the admin's legacy key. Rejects with StoreError or StartError. */
export async function init(dataDirectory: string, username: string): Promise<string> {
  const store = await openStore({ dataDirectory, now: Date.now, observe: () => undefined });
  try {
    return await createFirstAdmin(store, username, Date.now());
  } finally {
    await store.close();
  }
}

/**
 * Store, admin plane and check service in one process. Listens only when the store is loaded. Rejects
 * with an Error that names what to change, having closed whatever it had opened.
 */
export async function serve(config: Config, surroundings?: Partial<Surroundings>): Promise<RunningServer> {
  const { now, log } = { now: Date.now, log: createLog(config.logLevel), ...surroundings };
  warnOfOldNode(log);
  const metrics = createMetrics(readVersion());
  const health = new Health();
  const closers: (() => Promise<void>)[] = [];
  try {
    const store = await openStore({ dataDirectory: config.data, now, observe: storeObserver(metrics) });
    closers.unshift(() => store.close());
    await requireAdmin(store, config, log, now());
    const cell = new SnapshotCell();
    const follower = new StoreFollower({ feed: store, cell, now, observer: createFollowerObserver(metrics, log) });
    closers.unshift(() => follower.stop());
    await follower.start();
    addSnapshotAge(metrics, () => ageSeconds(cell, now()));
    health.add('store', () => ({ ok: follower.trouble === undefined, detail: follower.trouble ?? 'answers' }));
    health.add('snapshot', () => snapshotHealth(cell, now()));

    const keyUses = new KeyUses();
    const flushKeyUses = keyUseFlusher(keyUses, store, log);
    closers.unshift(every(keyUseFlushMs, flushKeyUses));
    const denials = new DenialRing();
    const context = adminContext(store, cell, now, follower, flushKeyUses);
    const ops = { registry: metrics.registry, health };
    const admin = createAdminServer({ context, ops, log, observe: adminObserver(metrics) });
    closers.unshift(() => closeAdmin(admin, Math.min(config.drainMs, adminDrainMsMax)));
    const adminPort = await listen(admin, config.adminListen);

    const observer = createCheckObserver({ metrics, log, denials, keyUses, now });
    const handle = createCheckHandler({ ...config, cell, now, observer });
    const checks = await startCheckServer({ ...config, address: config.checkListen, handle });
    closers.unshift(() => checks.close(config.drainMs));
    closers.unshift(keepServingStatus(checks, health));
    log.info(
      { check: config.checkListen, admin: config.adminListen, revision: cell.read()?.snapshot.revision },
      'serving',
    );
    return { checkPort: checks.port, adminPort, denials, close: () => drainAll(closers, log) };
  } catch (cause) {
    // What ended the start is what the operator must hear of.
    await closeAll(closers).catch(fault => log.error({ err: fault }, 'closing failed'));
    throw cause;
  }
}

async function drainAll(closers: readonly (() => Promise<void>)[], log: Log): Promise<void> {
  log.info('draining');
  await closeAll(closers);
  log.info('stopped');
}

/** Closes everything even where one part fails; rejects with the first fault at the end. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const faults: unknown[] = [];
  for (const close of closers) {
    await close().catch(fault => faults.push(fault));
  }
  if (faults.length > 0) {
    throw faults[0];
  }
}

const keyFaults = {
  api_key_invalid: 'the API key is unknown, deleted or ended',
  api_key_expired: 'the API key has expired',
  audience_mismatch: 'the API key is not meant for this audience',
  not_ready: 'the server is starting: try again in a few seconds',
} as const;

function adminContext(
  store: Store,
  cell: SnapshotCell,
  now: () => number,
  follower: StoreFollower,
  flushKeyUses: () => Promise<void>,
): AdminContext {
  return {
    store,
    now,
    flushKeyUses,
    publish: revision => follower.reach(revision),
    permissionOn: (projectId, username) => {
      const snapshot = cell.read()?.snapshot;
      return snapshot && effectivePermission(snapshot, projectId, username);
    },
    validateKey: (apiKey, audience): KeyValidity => {
      const snapshot = cell.read()?.snapshot;
      const judged = snapshot && judgeApiKey(snapshot, apiKey, audience, now());
      return judged?.valid
        ? { valid: true, username: judged.owner.principal, message: 'the API key is valid' }
        : { valid: false, username: '', message: keyFaults[judged?.reason ?? 'not_ready'] };
    },
  };
}

/** Health probes of gRPC follow readiness; closing says "not serving" first. */
function keepServingStatus(checks: CheckServer, health: Health): () => Promise<void> {
  const update = () => checks.setServing(health.read().ready);
  update();
  const timer = setInterval(update, servingCheckMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    health.shutDown();
    checks.setServing(false);
  };
}

/** Writes what is known of key uses; what can't be written now is kept for the next time. Never rejects. */
function keyUseFlusher(keyUses: KeyUses, store: Store, log: Log): () => Promise<void> {
  return async () => {
    const uses = keyUses.take();
    await store.recordKeyUses(uses).catch(cause => {
      keyUses.putBack(uses);
      log.error({ err: cause }, 'key uses could not be written');
    });
  };
}

/** Runs a task again and again, and once more at the end. */
function every(ms: number, task: () => Promise<void>): () => Promise<void> {
  const timer = setInterval(task, ms);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await task();
  };
}

/** Lets requests under way end, up to the limit; a connection that says nothing must not keep the process. */
async function closeAdmin(admin: FastifyInstance, drainMs: number): Promise<void> {
  const timer = setTimeout(() => admin.server.closeAllConnections(), drainMs);
  await admin.close();
  clearTimeout(timer);
}

async function listen(admin: FastifyInstance, { host, port }: TcpAddress): Promise<number> {
  try {
    await admin.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is taken by another process' : `can't be listened on (${code})`;
    throw new StartError(
      `${host}:${port} ${why}: free it, or name another address with --admin-listen (MODELGATE_ADMIN_LISTEN)`,
    );
  }
  const address = admin.server.address();
  return typeof address === 'object' && address ? address.port : port;
}

function ageSeconds(cell: SnapshotCell, now: number): number | undefined {
  const published = cell.read();
  return published && Math.max(0, now - published.confirmedAt) / 1000;
}

function snapshotHealth(cell: SnapshotCell, now: number) {
  const published = cell.read();
  const age = ageSeconds(cell, now);
  if (!published || age === undefined) {
    return { ok: false, detail: 'none yet' };
  }
  const limit = published.snapshot.settings().stale_after_seconds;
  const stale = limit > 0 && age > limit;
  return { ok: !stale, detail: `revision ${published.snapshot.revision}, confirmed ${Math.floor(age)} s ago` };
}

function storeObserver(metrics: Metrics) {
  return (operation: string, seconds: number) => metrics.storeOperationDuration.observe({ operation }, seconds);
}

function adminObserver(metrics: Metrics) {
  return (method: string, route: string, status: number, seconds: number) =>
    metrics.adminRequestDuration.observe({ method, route, status }, seconds);
}

function warnOfOldNode(log: Log): void {
  if (Number(process.versions.node.split('.')[0]) < oldestPatchedNodeMajor) {
    log.warn({ node: process.version }, 'this Node.js gets no security fixes any more: run 24.18.1 or newer');
  }
}
