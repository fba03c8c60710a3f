import { type AddressInfo, createServer } from 'node:net';

/** Ports of loopback where nothing listens now. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(
    Array.from({ length: count }, async () => {
      const probe = createServer();
      await new Promise<void>((resolve, reject) => {
        probe.once('error', reject);
        probe.listen(0, '127.0.0.1', resolve);
      });
      return probe;
    }),
  );
  const ports = probes.map(probe => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map(probe => new Promise(resolve => probe.close(resolve))));
  return ports;
}
