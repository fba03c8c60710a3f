import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEnvoy } from '../../envoy/find-envoy.ts';
import { type Bootstrap, type CheckAddress, renderConfig } from '../../envoy/render-config.ts';
import { type EnvoyProcess, startEnvoy } from '../../envoy/run-envoy.ts';
import { type SampleModel, startSampleModel } from '../../envoy/sample-model.ts';

/** Envoy writes its access log about 50 ms after a request's end. */
const ACCESS_LOG_TIMEOUT_MS = 5_000;
const ACCESS_LOG_POLL_MS = 20;

export interface StartGatewayOptions {
  /** Where the check service listens: a port of loopback, or a socket's path. */
  check: number | { pipe: string };
  /** Names of the clusters; a sample model stands behind each. */
  models: string[];
  /** A certain Envoy, for a test over several; else whichever `findEnvoy` finds. */
  envoyVersion?: string;
  /** Worker threads of Envoy, each with connections of its own to the check service; 1 where it is not given. */
  concurrency?: number;
  /** Told of each request that reaches a model, before it is answered. */
  onRequest?: (model: string, request: IncomingMessage) => void;
  /** Bends one thing of the shipped configuration for one test. */
  edit?: (bootstrap: Bootstrap) => void;
}

export interface Gateway {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly adminUrl: string;
  readonly models: Readonly<Record<string, SampleModel>>;
  readonly envoy: EnvoyProcess;
  accessLog(): AccessLogEntry[];
  /** The entry of one request, by the `x-request-id` of its response; waits until Envoy has written it. */
  logged(requestId: string): Promise<AccessLogEntry>;
  close(): Promise<void>;
}

/** One line of the shipped access log; null where Envoy or the check had nothing to say. */
export interface AccessLogEntry {
  time: string;
  request_id: string | null;
  client: string | null;
  protocol: string | null;
  method: string | null;
  path: string | null;
  code: number;
  code_details: string | null;
  flags: string;
  duration_ms: number;
  bytes_received: number;
  bytes_sent: number;
  upstream_cluster: string | null;
  upstream_host: string | null;
  decision: string | null;
  reason: string | null;
  shadow_reason: string | null;
  model: string | null;
  project: string | null;
  principal: string | null;
  key_id: string | null;
  permission: string | null;
  revision: number | null;
}

/**
 * A real Envoy on the shipped configuration, before sample models and a check service of the caller's. Every port is
 * free by construction (0), so that any number of these run side by side. Close it in `after`.
 */
export async function startGateway(options: StartGatewayOptions): Promise<Gateway> {
  const { check, edit, envoyVersion, concurrency = 1, onRequest } = options;
  const binary = await findEnvoy(envoyVersion === undefined ? {} : { version: envoyVersion });
  const started = await Promise.all(
    options.models.map(name => startSampleModel({ name, port: 0, onRequest: request => onRequest?.(name, request) })),
  );
  const closeModels = () => Promise.all(started.map(model => model.close()));
  try {
    const checkAddress: CheckAddress = typeof check === 'number' ? { host: '127.0.0.1', port: check } : check;
    const ports = Object.fromEntries(started.map(model => [model.name, model.port]));
    const common = { gatewayPort: 0, adminPort: 0, check: checkAddress, models: ports };
    const configText = await renderConfig(edit === undefined ? common : { ...common, edit });
    const envoy = await startEnvoy({ binary, configText, quiet: true, concurrency });
    return gatewayOf(envoy, started, async () => {
      await envoy.close();
      await closeModels();
    });
  } catch (error) {
    await closeModels();
    throw error;
  }
}

function gatewayOf(envoy: EnvoyProcess, models: SampleModel[], close: () => Promise<void>): Gateway {
  const accessLog = () => envoy.accessLog().map(line => JSON.parse(line) as AccessLogEntry);
  return {
    url: `http://127.0.0.1:${envoy.gatewayPort}`,
    port: envoy.gatewayPort,
    adminUrl: `http://127.0.0.1:${envoy.adminPort}`,
    models: Object.fromEntries(models.map(model => [model.name, model])),
    envoy,
    accessLog,
    logged: async requestId => {
      const deadline = performance.now() + ACCESS_LOG_TIMEOUT_MS;
      while (performance.now() < deadline) {
        const entry = accessLog().find(candidate => candidate.request_id === requestId);
        if (entry !== undefined) return entry;
        await sleep(ACCESS_LOG_POLL_MS);
      }
      throw new Error(`Envoy's access log has no request ${requestId} after ${ACCESS_LOG_TIMEOUT_MS} ms`);
    },
    close,
  };
}
