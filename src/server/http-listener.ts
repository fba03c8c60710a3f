import type { FastifyInstance } from 'fastify';
import type { TcpAddress } from '../config/parse-address.ts';
import { shownName } from '../config/serve-settings.ts';
import { StartError } from './first-admin.ts';

/** Admin requests are short; whoever still sends after this has stopped halfway. */
const drainMsMax = 2000;

export interface HttpListenOptions {
  /** Of the setting that a fault names. */
  readonly flag: string;
  /** Listens, and tries again where the address may still be another's for a moment. */
  readonly inherit: <T>(listen: () => Promise<T>) => Promise<T>;
}

/** Answers the port. Rejects with a StartError that names the setting of the flag where the address can't be had. */
export async function listen(
  server: FastifyInstance,
  { host, port }: TcpAddress,
  { flag, inherit }: HttpListenOptions,
): Promise<number> {
  try {
    await inherit(() => server.listen({ host, port }));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is taken by another process' : `can't be listened on (${code})`;
    throw new StartError(`${host}:${port} ${why}: free it, or name another address with ${shownName(flag)}`);
  }
  const address = server.server.address();
  return typeof address === 'object' && address ? address.port : port;
}

/** Lets requests under way end, up to the limit; a connection that says nothing must not keep the process. */
export async function close(server: FastifyInstance, drainMs: number): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), Math.min(drainMs, drainMsMax));
  await server.close();
  clearTimeout(timer);
}
