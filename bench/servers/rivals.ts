import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PeersKit } from '../data/peers-kit.ts';
import type { BenchServer, Ports } from './bench-server.ts';

/** The rivals of the kit, with the command lines of its own script. */
export function rivals(kit: PeersKit): readonly BenchServer[] {
  const loading: Flags = (tables, { check }) => ['--port', String(check), '--data', tables];
  const trivial: Flags = (_, { check }) => ['--port', String(check), '--trivial'];
  const opa: Flags = (tables, ports) => opaFlags(kit.folder, tables, ports);
  const floor = { usual: false, judged: 'all-allowed' } as const;
  const slow = { fast: false, sets: ['small'] } as const;
  return [
    rival(kit, 'rust-handwritten', loading),
    rival(kit, 'go-handwritten', loading),
    { ...rival(kit, 'rust-trivial', trivial, 'rust-handwritten'), ...floor },
    { ...rival(kit, 'go-trivial', trivial, 'go-handwritten'), ...floor },
    { ...rival(kit, 'opa-envoy-plugin', opa), ...slow },
    // It answers every denial with 403.
    { ...rival(kit, 'authorino', loading), ...slow, judged: 'outcome' },
  ];
}

type Flags = (tables: string, ports: Ports) => readonly string[];

function rival({ binaries, tables }: PeersKit, name: string, flags: Flags, binary = name): BenchServer {
  const path = join(binaries, binary);
  return {
    name,
    usual: true,
    fast: true,
    judged: 'status',
    missing: () => (existsSync(path) ? undefined : `${path} is not built: see the README of the peers kit`),
    prepare: async () => undefined,
    launch: (set, ports) => ({ command: [path, ...flags(tables(set), ports)] }),
  };
}

function opaFlags(folder: string, tables: string, { check, admin }: Ports): readonly string[] {
  const plugin = 'plugins.envoy_ext_authz_grpc';
  return [
    ...['run', '--server', '--addr', `127.0.0.1:${admin}`, '--skip-version-check', '--log-level', 'error'],
    ...['--set', `${plugin}.addr=127.0.0.1:${check}`, '--set', `${plugin}.path=modelgate/result`],
    ...[join(folder, 'opa-envoy-plugin', 'policy.rego'), join(tables, 'opa.json')],
  ];
}
