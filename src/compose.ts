import type { FastifyInstance } from 'fastify';
import { createAdminServer } from './admin/admin-server.ts';
import type { AdminContext } from './admin/context.ts';
import { countExpiringKeys } from './admin/count-expiring-keys.ts';
import { createOpsServer } from './admin/ops-server.ts';
import type { Explanation } from './admin/schemas/decisions.ts';
import { createCheckHandler } from './check/check-handler.ts';
import { createCheckObserver } from './check/check-observer.ts';
import { DenialRing } from './check/denial-ring.ts';
import { createExplainer, type ExplainedCall, type ExplainerOptions } from './check/explain-call.ts';
import { flusher } from './check/flusher.ts';
import { type CheckServer, startCheckServer } from './check/grpc-server.ts';
import { KeyUses } from './check/key-uses.ts';
import { ShadowDenials } from './check/shadow-denials.ts';
import { type Clock, createClock } from './clock.ts';
import { ClockWatch } from './clock-watch.ts';
import type { Config } from './config/read-config.ts';
import { settings, shownName, type TcpAddress } from './config/settings.ts';
import { effectivePermission } from './decision/permission.ts';
import { isStale } from './decision/staleness.ts';
import { validateApiKey } from './decision/validate-api-key.ts';
import { createFirstAdmin, requireAdmin, StartError } from './first-admin.ts';
import { type ComponentHealth, Health } from './health/health.ts';
import { createLog, type Log } from './log/log.ts';
import { addClockBehind, addSnapshotAge, createMetrics, type Metrics } from './metrics/metrics.ts';
import { SnapshotCell } from './snapshot/snapshot-cell.ts';
import { openStore } from './store/sqlite/open-store.ts';
import { startStoreUpkeep } from './store-upkeep.ts';
import { StoreWatch } from './store-watch.ts';
import { StoreFollower } from './sync/follow-store.ts';
import { createFollowerObserver } from './sync/follower-observer.ts';
import { openTls } from './tls/open-tls.ts';
import { readVersion } from './version.ts';
import { warnOfSurroundings } from './warn-of-surroundings.ts';

/** What stands behind a running server that a test replaces; everything else is real. */
export interface Surroundings {
  readonly clock: Clock;
  readonly log: Log;
}

export interface RunningServer {
  /** Port of the check service; undefined on a socket. */
  readonly checkPort: number | undefined;
  readonly adminPort: number;
  /** Port of the ops routes alone; undefined where none is set. */
  readonly opsPort: number | undefined;
  readonly denials: DenialRing;
  /** Drains and ends everything; safe to call once. */
  close(): Promise<void>;
}

/** How often the uses of keys and the counts of shadow are written down: lists show them accurate to a minute (B32). */
const flushMs = 20_000;
/** How often keys that expire soon are counted; at a scrape the number is only read. */
const expiryCountMs = 60_000;
const servingCheckMs = 1000;
const clockWatchMs = 5000;
/** Admin requests are short; whoever still sends after this has stopped halfway. */
const adminDrainMsMax = 2000;

/** Makes the store and its first site admin; answers the admin's legacy key. Rejects with StoreError or StartError. */
export async function init(dataDirectory: string, username: string): Promise<string> {
  const clock = createClock();
  const store = await openStore({ dataDirectory, now: clock.now, observe: () => undefined });
  try {
    clock.notBefore(await store.timeSeen());
    return await createFirstAdmin(store, username, clock.now());
  } finally {
    await store.close();
  }
}

/**
 * Store, admin plane and check service in one process. Listens only when the store is loaded. Rejects
 * with an Error that names what to change, having closed whatever it had opened.
 */
export async function serve(config: Config, surroundings?: Partial<Surroundings>): Promise<RunningServer> {
  const { clock, log } = { clock: createClock(), log: createLog(config.logLevel), ...surroundings };
  const { now, ticks } = clock;
  warnOfSurroundings(log);
  const metrics = createMetrics(readVersion());
  const health = new Health();
  const closers: (() => Promise<void>)[] = [];
  try {
    const tls = await openTls(config, { log, metrics, now });
    closers.unshift(() => tls.stop());
    const watch = new StoreWatch(metrics, log);
    const store = await openStore({ dataDirectory: config.data, now, observe: watch.observe });
    closers.unshift(() => store.close());
    clock.notBefore(await store.timeSeen());
    await requireAdmin(store, config, log, now());
    closers.unshift(startStoreUpkeep({ store, watch, ticks }));
    const cell = new SnapshotCell();
    const followed = createFollowerObserver(metrics, log);
    const follower = new StoreFollower({ feed: store, cell, now, ticks, observer: followed });
    closers.unshift(() => follower.stop());
    await follower.start();
    addSnapshotAge(metrics, () => ageSeconds(cell, ticks()));
    health.add('store', () => storeHealth(follower, watch));
    health.add('snapshot', () => snapshotHealth(cell, ticks()));
    closers.unshift(watchClock(clock, { metrics, health, log }));

    const keyUses = new KeyUses();
    const shadowDenials = new ShadowDenials();
    const countExpiring = () => countExpiringKeys({ reads: store.read, gauge: metrics.apiKeysExpiring, now, log });
    await countExpiring();
    closers.unshift(every(expiryCountMs, countExpiring));
    const denials = new DenialRing();
    const flushKeyUses = flusher({ tally: keyUses, what: 'key uses', write: uses => store.recordKeyUses(uses), log });
    const flushShadowDenials = flusher({
      tally: shadowDenials,
      what: 'shadow denials',
      write: counts => store.recordShadowDenials(counts),
      log,
    });
    closers.unshift(every(flushMs, flushKeyUses), every(flushMs, flushShadowDenials));
    const context: AdminContext = {
      store,
      now,
      flushKeyUses,
      flushShadowDenials,
      publish: revision => follower.reach(revision),
      explain: explainer({ ...config, cell, now, ticks }),
      acceptClock: async () => {
        const time = clock.accept();
        await store.keepTime();
        return time;
      },
      clockBehindMs: clock.behindMs,
      denials: () => denials.list(),
      ...snapshotQuestions(cell, clock),
    };
    const ops = { registry: metrics.registry, health };
    const observe = adminObserver(metrics);
    const admin = createAdminServer({ context, ops, log, observe, tls: tls.admin });
    closers.unshift(() => closeAdmin(admin, Math.min(config.drainMs, adminDrainMsMax)));
    const adminPort = await listen(admin, config.adminListen, settings.adminListen.flag);
    const opsPort = await listenForOps(config, () => createOpsServer({ ops, log, observe }), closers);

    const observer = createCheckObserver({ metrics, log, denials, keyUses, shadowDenials, now });
    const handle = createCheckHandler({ ...config, cell, now, ticks, observer });
    const warn = (fields: object, message: string) => log.warn(fields, message);
    const checks = await startCheckServer({ ...config, address: config.checkListen, handle, tls: tls.check, warn });
    closers.unshift(() => checks.close(config.drainMs));
    closers.unshift(keepServingStatus(checks, health));
    log.info(
      { check: config.checkListen, admin: config.adminListen, revision: cell.read()?.snapshot.revision },
      'serving',
    );
    return { checkPort: checks.port, adminPort, opsPort, denials, close: () => drainAll(closers, log) };
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

type SnapshotQuestions = Pick<AdminContext, 'permissionOn' | 'permissionInTeam' | 'validateKey'>;

/** What the admin plane asks of the snapshot, by the very rules that checks use. */
function snapshotQuestions(cell: SnapshotCell, clock: Clock): SnapshotQuestions {
  return {
    permissionOn: (projectId, username) => {
      const snapshot = cell.read()?.snapshot;
      return snapshot && effectivePermission(snapshot, projectId, username);
    },
    permissionInTeam: (team, username) => cell.read()?.snapshot.teamMember(team, username),
    validateKey: (apiKey, audience) => validateApiKey(cell.read(), apiKey, audience, clock),
  };
}

/** Explanations in the API's form. */
function explainer(options: ExplainerOptions): AdminContext['explain'] {
  const explain = createExplainer(options);
  return call => toExplanation(explain(call));
}

function toExplanation({ decision, steps, statusCode, read }: ExplainedCall): Explanation {
  const { outcome, reason, model, caller, revision } = decision;
  return {
    decision: outcome,
    reason,
    status_code: statusCode ?? null,
    shadow_reason: (decision.outcome === 'allow' ? decision.shadowReason : undefined) ?? null,
    model_id: model?.model_id ?? null,
    project_id: model?.project_id ?? null,
    principal: caller?.principal ?? null,
    key_id: caller?.keyId ?? null,
    permission: caller?.permission ?? null,
    revision,
    read: { access_key: read.accessKey, api_key: read.apiKey },
    steps: steps.map(step => ({ ...step, rows: step.rows.map(row => ({ ...row, facts: { ...row.facts } })) })),
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

function watchClock(clock: Clock, told: { metrics: Metrics; health: Health; log: Log }): () => Promise<void> {
  const watch = new ClockWatch(clock, told.log);
  addClockBehind(told.metrics, () => clock.behindMs() / 1000);
  told.health.add('clock', () => watch.health());
  return every(clockWatchMs, async () => watch.look());
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

/** Opens the listener of the ops routes where one is set; answers its port. */
async function listenForOps(
  { opsListen, drainMs }: Config,
  create: () => FastifyInstance,
  closers: (() => Promise<void>)[],
): Promise<number | undefined> {
  if (opsListen === undefined) {
    return undefined;
  }
  const server = create();
  closers.unshift(() => closeAdmin(server, Math.min(drainMs, adminDrainMsMax)));
  return listen(server, opsListen, settings.opsListen.flag);
}

async function listen(admin: FastifyInstance, { host, port }: TcpAddress, flag: string): Promise<number> {
  try {
    await admin.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is taken by another process' : `can't be listened on (${code})`;
    throw new StartError(`${host}:${port} ${why}: free it, or name another address with ${shownName(flag)}`);
  }
  const address = admin.server.address();
  return typeof address === 'object' && address ? address.port : port;
}

function ageSeconds(cell: SnapshotCell, ticks: number): number | undefined {
  const published = cell.read();
  return published && Math.max(0, ticks - published.confirmedAt) / 1000;
}

function snapshotHealth(cell: SnapshotCell, ticks: number) {
  const published = cell.read();
  const age = ageSeconds(cell, ticks);
  if (!published || age === undefined) {
    return { ok: false, detail: 'none yet' };
  }
  return {
    ok: !isStale(published, ticks),
    detail: `revision ${published.snapshot.revision}, confirmed ${Math.floor(age)} s ago`,
  };
}

/** A store that is read but not written refuses changes only: checks go on. */
function storeHealth(follower: StoreFollower, watch: StoreWatch): ComponentHealth {
  const { trouble } = follower;
  return trouble === undefined && watch.trouble !== undefined
    ? { ok: false, detail: watch.trouble, checksGoOn: true }
    : { ok: trouble === undefined, detail: trouble ?? 'answers' };
}

function adminObserver(metrics: Metrics) {
  return (method: string, route: string, status: number, seconds: number) =>
    metrics.adminRequestDuration.observe({ method, route, status }, seconds);
}
