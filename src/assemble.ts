import { createAdminServer } from './admin/admin-server.ts';
import { ApiError } from './admin/api-error.ts';
import type { AdminContext } from './admin/context.ts';
import { createOpsServer } from './admin/ops-server.ts';
import type { HostRules } from './admin/requests/hosts.ts';
import { WritesUnderWay } from './admin/requests/writes-under-way.ts';
import { SignedInTurns } from './admin/sign-in/signed-in-turns.ts';
import { readPageFiles } from './admin/web-pages.ts';
import { createCheckObserver } from './check/check-observer.ts';
import { createCheckAnswerer } from './check/create-check-answerer.ts';
import { startCheckServer } from './check/server/check-server.ts';
import { DenialRing } from './check/tallies/denial-ring.ts';
import { KeyUses } from './check/tallies/key-uses.ts';
import { ShadowDenials } from './check/tallies/shadow-denials.ts';
import type { Config } from './config/read-config.ts';
import { settings, shownName } from './config/serve-settings.ts';
import { type HandOverOffer, offerHandOver } from './hand-over/offer-hand-over.ts';
import type { Predecessor } from './hand-over/take-over.ts';
import { Health } from './health/health.ts';
import { createLog, type Log } from './log/log.ts';
import { addComponents, addSnapshotAge, createMetrics, type Metrics } from './metrics/metrics.ts';
import { type Restored, type RestoreOptions, restoreBackup } from './restore/restore-backup.ts';
import { auditArchiver, measureAudit } from './server/archive-audit.ts';
import { type Clock, createClock } from './server/clock.ts';
import { ageSeconds, keepServingStatus, snapshotHealth, storeHealth, watchClock } from './server/component-health.ts';
import { closeAll, drainAll, type Parts } from './server/drain.ts';
import {
  createFirstAdmin,
  type FirstSignIn,
  firstSignIn as firstSignInTo,
  recoverAdmin,
  requireAdmin,
} from './server/first-admin.ts';
import { close, listen } from './server/http-listener.ts';
import { keepCounts } from './server/keep-counts.ts';
import { keepLive } from './server/keep-live.ts';
import { openInTurn } from './server/open-in-turn.ts';
import { openIdProvider } from './server/openid-provider.ts';
import { snapshotAnswers } from './server/snapshot-answers.ts';
import { startStoreUpkeep } from './server/store-upkeep.ts';
import { StoreWatch } from './server/store-watch.ts';
import { warnOfNames } from './server/warn-of-names.ts';
import { warnOfSurroundings } from './server/warn-of-surroundings.ts';
import { SnapshotCell } from './snapshot/snapshot-cell.ts';
import { acceptLoss as acceptLossOf } from './store/sqlite/accept-loss.ts';
import { openStore, requireStore } from './store/sqlite/open-store.ts';
import type { Loss } from './store/sqlite/require-no-loss.ts';
import type { Store } from './store/store.ts';
import { StoreFollower } from './sync/follow-store.ts';
import { createFollowerObserver } from './sync/follower-observer.ts';
import { openTls } from './tls/open-tls.ts';
import { readVersion } from './version.ts';

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
  /** A link for the first site admin, to be shown at a terminal; undefined once somebody has signed in. */
  firstSignIn(origin: string): Promise<FirstSignIn | undefined>;
  /** Drains and ends everything; safe to call once. */
  close(): Promise<void>;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Makes the store and its first site admin; answers the admin's legacy key. Rejects with StoreError or StartError. */
export function init(dataDirectory: string, username: string): Promise<string> {
  return withStore(dataDirectory, (store, now) => createFirstAdmin(store, username, now));
}

/** Gives a site admin a new legacy key, and answers it. Rejects with StoreError (`not_found` where there is no store) or StartError. */
export async function recover(dataDirectory: string, username: string): Promise<string> {
  await requireStore(dataDirectory);
  return withStore(dataDirectory, store => recoverAdmin(store, username));
}

/** A link for the first site admin of a store that is not served; undefined once somebody has signed in. Rejects with StoreError. */
export function firstSignIn(dataDirectory: string, origin: string): Promise<FirstSignIn | undefined> {
  return withStore(dataDirectory, (store, now) => firstSignInTo(store, origin, now));
}

async function withStore<T>(dataDirectory: string, work: (store: Store, now: number) => Promise<T>): Promise<T> {
  const clock = createClock();
  const store = await openStore({ dataDirectory, now: clock.now, observe: () => undefined });
  try {
    clock.notBefore(await store.timeSeen());
    return await work(store, clock.now());
  } finally {
    await store.close();
  }
}

/** Lets a store that has lost acknowledged changes be served, and answers what is lost. Rejects with StoreError. */
export function acceptLoss(dataDirectory: string): Promise<Loss> {
  return acceptLossOf(dataDirectory, createClock().now);
}

/** Puts a backup in the place of a store that is not served. Rejects with StoreError. */
export function restore(options: Omit<RestoreOptions, 'now'>): Promise<Restored> {
  return restoreBackup({ ...options, now: createClock().now });
}

/**
 * Store, admin plane and check service in one process. Listens only when the store is loaded. Rejects
 * with an Error that names what to change, having closed whatever it had opened.
 */
export async function serve(config: Config, surroundings?: Partial<Surroundings>): Promise<RunningServer> {
  const { clock, log } = { clock: createClock(), log: createLog(config.logLevel), ...surroundings };
  const { now, ticks } = clock;
  warnOfSurroundings(log, config.unknownVariables);
  const metrics = createMetrics(readVersion());
  const health = new Health();
  addComponents(metrics, () => health.read().components);
  const parts: Parts = { answering: [], keeping: [] };
  try {
    const tls = await openTls(config, { log, metrics, now });
    parts.answering.unshift(() => tls.stop());
    const watch = new StoreWatch(metrics, log);
    const http = {
      hosts: hostRules(config),
      ops: { registry: metrics.registry, health },
      log,
      observe: adminObserver(metrics),
    };
    const ops = () => createOpsServer(http);
    const createProbes = { ops, admin: () => createOpsServer({ ...http, tls: tls.admin, elsewhere: waiting() }) };
    const { opened: store, predecessor } = await openInTurn({ config, watch, now, log, health, createProbes });
    parts.keeping.unshift(
      async () => predecessor.leave(),
      () => store.close(),
    );
    clock.notBefore(await store.timeSeen());
    await requireAdmin(store, config, log, now());
    await warnOfNames(store.read, log);
    await measureAudit({ store, metrics });
    const archiveAudit = auditArchiver({ ...config, store, now, metrics, log });
    parts.keeping.unshift(startStoreUpkeep({ store, watch, ticks, archiveAudit }));
    const cell = new SnapshotCell();
    const follower = new StoreFollower({
      feed: store,
      cell,
      now,
      ticks,
      observer: createFollowerObserver(metrics, log),
    });
    parts.keeping.unshift(() => follower.stop());
    await follower.start();
    addSnapshotAge(metrics, () => ageSeconds(cell, ticks()));
    health.add('store', () => storeHealth(follower, watch));
    health.add('snapshot', () => snapshotHealth(cell, ticks()));
    parts.keeping.unshift(watchClock(clock, { metrics, health, log }));

    const seen = { keyUses: new KeyUses(), shadowDenials: new ShadowDenials(), denials: new DenialRing() };
    const observer = createCheckObserver({ metrics, log, ...seen });
    const checks = await startCheckServer({
      ...config,
      address: config.checkListen,
      answerer: createCheckAnswerer({ ...config, cell, now, ticks, observer }),
      tls: tls.check,
      warn: (fields, message) => log.warn(fields, message),
      failed: fault => log.error({ fault }, 'connection failed'),
      addressFree: () => predecessor.freeAddress(),
      inherit: predecessor.inherit,
    });
    parts.answering.unshift(limitMs => checks.close(limitMs));
    parts.answering.unshift(keepServingStatus(checks, health));
    // It answers from what it knew: while it does, no change may be acknowledged (B38).
    await predecessor.gone();

    const counts = await keepCounts({ store, metrics, log, now, parts, ...seen });
    const context: AdminContext = {
      store,
      writesUnderWay: new WritesUnderWay(),
      lookups: new SignedInTurns(),
      quotas: config,
      now,
      ...counts,
      ...signInRules(config),
      provider: await openIdProvider(config, now),
      noteSignIn: (fields, message) => log.warn(fields, message),
      publish: revision => follower.reach(revision),
      acceptClock: async () => {
        const time = clock.accept();
        await store.keepTime();
        return time;
      },
      clockBehindMs: clock.behindMs,
      denials: () => seen.denials.list(),
      live: keepLive({ metrics, cell, clock, parts }),
      ...snapshotAnswers({ ...config, cell, now, ticks }),
    };
    const admin = createAdminServer({ context, pages: readPageFiles(), tls: tls.admin, ...config, ...http });
    parts.keeping.unshift(() => close(admin, config.drainMs));
    const { inherit } = predecessor;
    const adminPort = await listen(admin, config.adminListen, { flag: settings.adminListen.flag, inherit });
    const opsPort = await listenForOps(config, inherit, ops, parts);
    const offer = await offerTo(config.data, log);
    log.info(
      { check: config.checkListen, admin: config.adminListen, revision: cell.read()?.snapshot.revision },
      'serving',
    );
    return {
      checkPort: checks.port,
      adminPort,
      opsPort,
      denials: seen.denials,
      firstSignIn: origin => firstSignInTo(store, origin, now()),
      close: () => drainAll(parts, { offer, checks, drainMs: config.drainMs, log }),
    };
  } catch (cause) {
    // What ended the start is what the operator must hear of.
    await closeAll(parts, () => config.drainMs).catch(fault => log.error({ fault }, 'closing failed'));
    throw cause;
  }
}

/** What the admin API is answered with before it is there. */
function waiting(): ApiError {
  return new ApiError('unavailable', 'this server waits for another one to hand over: try again when /readyz is 200');
}

/** A server that nobody can take over from is a server all the same. */
async function offerTo(dataDirectory: string, log: Log): Promise<HandOverOffer | undefined> {
  return await offerHandOver(dataDirectory).catch(cause => {
    log.warn({ err: cause }, 'this server cannot hand over: its successor starts when it has ended');
    return undefined;
  });
}

/** Opens the listener of the ops routes where one is set; answers its port. */
async function listenForOps(
  { opsListen, drainMs }: Config,
  inherit: Predecessor['inherit'],
  create: () => ReturnType<typeof createOpsServer>,
  parts: Parts,
): Promise<number | undefined> {
  if (opsListen === undefined) {
    return undefined;
  }
  const server = create();
  parts.keeping.unshift(() => close(server, drainMs));
  return listen(server, opsListen, { flag: settings.opsListen.flag, inherit });
}

/** Cookies are sent over nothing but TLS where every browser comes over it, be it to a proxy. */
function signInRules(config: Config): Pick<AdminContext, 'sessions' | 'adminUrl'> {
  const { adminUrl, adminTlsCert, sessionIdleMinutes, sessionHours } = config;
  const overTls = adminTlsCert !== '' || adminUrl?.startsWith('https:') === true;
  const sessions = { idleMs: sessionIdleMinutes * minuteMs, absoluteMs: sessionHours * hourMs, overTls };
  return { adminUrl, sessions };
}

function hostRules({ adminHosts, adminUrl }: Config): HostRules {
  const names = adminUrl === undefined ? adminHosts : [...adminHosts, new URL(adminUrl).host];
  return { names, setting: shownName(settings.adminHosts.flag) };
}

function adminObserver(metrics: Metrics) {
  return (method: string, route: string, status: number, seconds: number) =>
    metrics.adminRequestDuration.observe({ method, route, status }, seconds);
}
