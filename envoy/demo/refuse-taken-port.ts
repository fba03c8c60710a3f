import { createServer } from 'node:net';

/** Rejects with an Error that names the demo's flag where something listens on a port of loopback already. */
export async function refuseTakenPort(port: number, flag: string): Promise<void> {
  const probe = createServer();
  const fault = await new Promise<NodeJS.ErrnoException | undefined>(resolve => {
    probe.once('error', resolve);
    probe.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  await new Promise(resolve => probe.close(resolve));
  if (fault) {
    throw new Error(
      `port ${port} is in use (${fault.code}): end what listens there, or choose another one: npm run demo -- --${flag} PORT`,
    );
  }
}
