import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { CounterTable } from './counter-table.ts';
import { HistogramTable } from './histogram-table.ts';

/** Bounds of a check's latency in seconds: a decision takes microseconds, a waiting event loop milliseconds. */
const checkBuckets = [
  0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
];
const operationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Gauges of prom-client with a counter's name, which promtool faults; each is the sum of its namesake without `_total`. */
const misnamedDefaults = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Every metric of the product, in one list. Label values come from closed sets of ours: never a key, a
 * path or a name that a client or user chose.
 */
export function createMetrics(version: string) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of misnamedDefaults) {
    registry.removeSingleMetric(name);
  }
  const buildInfo = new Gauge({
    name: 'modelgate_build_info',
    help: 'Constant 1, labelled with the version that runs.',
    labelNames: ['version', 'node'],
    registers,
  });
  buildInfo.set({ version, node: process.version }, 1);
  return {
    registry,
    checks: new CounterTable({
      name: 'modelgate_checks_total',
      help: 'Checks answered, by outcome and reason.',
      labelNames: ['outcome', 'reason'],
      registers,
    }),
    checkDuration: new HistogramTable({
      name: 'modelgate_check_duration_seconds',
      help: 'Time from the arrival of a check to its answer, by outcome.',
      labelNames: ['outcome'],
      buckets: checkBuckets,
      registers,
    }),
    shadowDenials: new CounterTable({
      name: 'modelgate_shadow_denials_total',
      help: 'Calls let through that would be refused if authentication were enabled, by reason.',
      labelNames: ['reason'],
      registers,
    }),
    apiKeysExpiring: new Gauge({
      name: 'modelgate_api_keys_expiring',
      help: 'API keys that expire within so many days and have no successor; counted each minute.',
      labelNames: ['within'],
      registers,
    }),
    snapshotRevision: new Gauge({
      name: 'modelgate_snapshot_revision',
      help: 'Revision of the store that checks are answered from.',
      registers,
    }),
    snapshotEntries: new Gauge({
      name: 'modelgate_snapshot_entries',
      help: 'Rows in the snapshot, by kind.',
      labelNames: ['kind'],
      registers,
    }),
    snapshotRejected: new Counter({
      name: 'modelgate_snapshot_rejected_total',
      help: 'Change sets and rebuilds that held rows which were refused.',
      registers,
    }),
    syncLag: new Histogram({
      name: 'modelgate_sync_lag_seconds',
      help: 'Time from the commit of a change to its publication here.',
      buckets: operationBuckets,
      registers,
    }),
    syncConnected: new Gauge({
      name: 'modelgate_sync_connected',
      help: '1 while the source of changes answers, else 0.',
      registers,
    }),
    storeOperationDuration: new Histogram({
      name: 'modelgate_store_operation_duration_seconds',
      help: 'Time that the store took, by operation.',
      labelNames: ['operation'],
      buckets: operationBuckets,
      registers,
    }),
    storeOperationErrors: new Counter({
      name: 'modelgate_store_operation_errors_total',
      help: 'Operations that the store failed to do, by operation and code; refusals of what was asked for are none.',
      labelNames: ['operation', 'code'],
      registers,
    }),
    auditEntries: new Gauge({
      name: 'modelgate_audit_entries',
      help: 'Audit entries in the store; counted each minute.',
      registers,
    }),
    auditOldest: new Gauge({
      name: 'modelgate_audit_oldest_entry_timestamp_seconds',
      help: 'When the oldest audit entry in the store was made, in seconds since 1970; read each minute.',
      registers,
    }),
    auditArchived: new Counter({
      name: 'modelgate_audit_archived_entries_total',
      help: 'Audit entries that were moved from the store to files of the archive.',
      registers,
    }),
    auditArchiveFailures: new Counter({
      name: 'modelgate_audit_archive_failures_total',
      help: 'Times that audit entries were due to be archived and could not be; what is not in a file stays in the store.',
      registers,
    }),
    certificateExpiry: new Gauge({
      name: 'modelgate_tls_certificate_expiry_timestamp_seconds',
      help: 'When the certificate in use expires, in seconds since 1970, by listener.',
      labelNames: ['listener'],
      registers,
    }),
    certificateRejected: new Counter({
      name: 'modelgate_tls_certificate_rejected_total',
      help: 'Changed certificate files that could not be used, by listener; the former certificate stays in use.',
      labelNames: ['listener'],
      registers,
    }),
    adminRequestDuration: new Histogram({
      name: 'modelgate_admin_request_duration_seconds',
      help: 'Time that admin requests took, by method, route and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: operationBuckets,
      registers,
    }),
  };
}

/** The age is read when it is scraped: it grows while nothing happens, which is what it is for. */
export function addSnapshotAge(metrics: Metrics, ageSeconds: () => number | undefined): void {
  const gauge = new Gauge({
    name: 'modelgate_snapshot_age_seconds',
    help: 'Time since the snapshot was last known to be the newest; absent before the first one.',
    registers: [metrics.registry],
    collect() {
      const age = ageSeconds();
      if (age === undefined) {
        // `reset` would leave a 0 behind, which reads as fresh.
        gauge.remove();
      } else {
        gauge.set(age);
      }
    },
  });
}

/** Read when it is scraped, for the same reason. */
export function addClockBehind(metrics: Metrics, behindSeconds: () => number): void {
  const gauge = new Gauge({
    name: 'modelgate_clock_behind_seconds',
    help: 'How far the clock of this machine stands behind the latest time that was seen; 0 when it is right.',
    registers: [metrics.registry],
    collect() {
      gauge.set(behindSeconds());
    },
  });
}

/** Read when it is scraped: what `/readyz` says of each component, those too without which checks go on. */
export function addComponents(metrics: Metrics, areOk: () => Readonly<Record<string, { readonly ok: boolean }>>): void {
  const gauge = new Gauge({
    name: 'modelgate_component_ok',
    help: '1 while this component of readiness is well, else 0; /readyz says what is wrong.',
    labelNames: ['component'],
    registers: [metrics.registry],
    collect() {
      for (const [component, { ok }] of Object.entries(areOk())) {
        gauge.set({ component }, ok ? 1 : 0);
      }
    },
  });
}
