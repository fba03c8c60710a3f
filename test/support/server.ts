import { init, type RunningServer, serve } from '../../src/assemble.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createLog } from '../../src/log/log.ts';
import type { Clock } from '../../src/server/clock.ts';
import { type AdminClient, adminClient } from './admin-client.ts';
import { type CheckClient, checkClient } from './check-client.ts';
import { dataDirectory } from './data-directory.ts';

export interface TestServer extends RunningServer {
  readonly checkPort: number;
  /** The admin API in the name of the first site admin. */
  readonly admin: AdminClient;
  readonly checks: CheckClient;
  /** Every line that the server logged. */
  readonly logged: string[];
  /** The admin API in the name of another user, by a fresh legacy key. */
  as(username: string): Promise<AdminClient>;
}

export interface TestServerOptions {
  readonly data?: string;
  /** Time that goes where a test wants it, back too; no time is kept by it. */
  readonly now?: () => number;
  readonly clock?: Clock;
  readonly flags?: Readonly<Record<string, string>>;
}

/** A whole server in this process: real store, real ports, its site admin is `root`. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { data = dataDirectory() } = options;
  const legacyKey = await init(data, 'root');
  return serveAgain(data, adminClient('', legacyKey), options);
}

/** A server on a data directory that one was served from; the admin API in the name of the same user as before. */
export async function serveAgain(
  data: string,
  admin: { readonly key: string } | undefined,
  { now = Date.now, clock = clockAt(now), flags = {} }: Omit<TestServerOptions, 'data'> = {},
): Promise<TestServer> {
  const logged: string[] = [];
  const log = createLog('debug', { write: line => logged.push(line) });
  const listen = { 'check-listen': '127.0.0.1:0', 'admin-listen': '127.0.0.1:0' };
  const running = await serve(readConfig({ data, ...listen, ...flags }, {}), { clock, log });
  const url = `http://127.0.0.1:${running.adminPort}`;
  const checks = checkClient(running.checkPort as number);
  const root = adminClient(url, admin?.key ?? '');
  return {
    ...running,
    checkPort: running.checkPort as number,
    admin: root,
    checks,
    logged,
    as: async username => {
      const [user, rotate] = [`/api/v2/users/${username}`, `/api/v2/users/${username}/v1_key:rotate`];
      const first = await root.post(rotate);
      if (first.status !== 403) {
        return adminClient(url, String(first.body['legacy_key']));
      }
      // Nobody acts in the name of another site admin, who therefore ceases to be one for a moment.
      await root.patch(user, { site_admin: false });
      const { body } = await root.post(rotate);
      await root.patch(user, { site_admin: true });
      return adminClient(url, String(body['legacy_key']));
    },
    close: async () => {
      checks.close();
      await running.close();
    },
  };
}

function clockAt(now: () => number): Clock {
  return { now, ticks: () => performance.now(), behindMs: () => 0, notBefore: () => undefined, accept: now };
}
