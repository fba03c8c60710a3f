import { createServer } from 'node:net';
import { parse } from 'yaml';
import { PortTakenError } from './errors.ts';
import type { Address, Bootstrap } from './render-config.ts';

/** Envoy shares its listener's port with any other Envoy of this user (SO_REUSEPORT) instead of failing, so ask first. Rejects with PortTakenError. */
export async function refuseTakenPorts(configText: string): Promise<void> {
  const bootstrap = parse(configText) as Bootstrap;
  const admin = { name: 'admin', address: bootstrap.admin.address };
  for (const { name, address } of [admin, ...bootstrap.static_resources.listeners]) {
    const taken = await takenPort(address);
    if (taken !== undefined) throw new PortTakenError(name, taken);
  }
}

/** An internal listener has no address. */
async function takenPort(address: Address | undefined): Promise<number | undefined> {
  if (address === undefined || !('socket_address' in address) || address.socket_address.port_value === 0)
    return undefined;
  const { address: host, port_value: port } = address.socket_address;
  const probe = createServer();
  const error = await new Promise<NodeJS.ErrnoException | undefined>(resolve => {
    probe.once('error', resolve);
    probe.listen(port, host, () => resolve(undefined));
  });
  await new Promise(resolve => probe.close(resolve));
  return error?.code === 'EADDRINUSE' ? port : undefined;
}
