import { init, type RunningServer, serve } from '../../src/compose.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createLog } from '../../src/log/log.ts';
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
  readonly now?: () => number;
  readonly flags?: Readonly<Record<string, string>>;
}

/** A whole server in this process: real store, real ports, its site admin is `root`. */
export async function startServer({
  data = dataDirectory(),
  now = Date.now,
  flags = {},
}: TestServerOptions = {}): Promise<TestServer> {
  const legacyKey = await init(data, 'root');
  const logged: string[] = [];
  const log = createLog('debug', { write: line => logged.push(line) });
  const listen = { 'check-listen': '127.0.0.1:0', 'admin-listen': '127.0.0.1:0' };
  const running = await serve(readConfig({ data, ...listen, ...flags }, {}), { now, log });
  const url = `http://127.0.0.1:${running.adminPort}`;
  const admin = adminClient(url, legacyKey);
  const checks = checkClient(running.checkPort as number);
  return {
    ...running,
    checkPort: running.checkPort as number,
    admin,
    checks,
    logged,
    as: async username => {
      const { body } = await admin.post(`/api/v2/users/${username}/v1_key:rotate`);
      return adminClient(url, String(body['legacy_key']));
    },
    close: async () => {
      checks.close();
      await running.close();
    },
  };
}
