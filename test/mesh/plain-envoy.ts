import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { findEnvoy } from '../../envoy/find-envoy.ts';
import { renderConfig } from '../../envoy/render-config.ts';
import { startEnvoy } from '../../envoy/run-envoy.ts';
import type { Backends } from './cluster.ts';
import { dumpOf, type Mesh } from './mesh.ts';

/** An Envoy without a control plane, on the shipped `envoy.yaml` or on a bent one. */
export async function startPlainEnvoy(backends: Backends, manifest: string): Promise<Mesh> {
  const start = async (text: string) => {
    const { modelgate: port, ...models } = backends;
    const bent = parse(text);
    const configText = await renderConfig({
      gatewayPort: 0,
      adminPort: 0,
      check: { host: '127.0.0.1', port },
      models,
      // Addresses as rendered, everything else as the text says.
      edit: bootstrap => {
        const [was] = bootstrap.static_resources.listeners;
        const [now] = bent.static_resources.listeners;
        bootstrap.static_resources.listeners = [{ ...now, address: was?.address }];
      },
    });
    return startEnvoy({ binary: await findEnvoy(), configText: stringify(parse(configText)), quiet: true });
  };
  let envoy = await start(manifest);
  return {
    name: 'Envoy',
    version: await versionOf(envoy.adminPort),
    get port() {
      return envoy.gatewayPort;
    },
    dump: () => dumpOf(envoy.adminPort),
    accessLog: () => envoy.accessLog(),
    apply: async text => {
      await envoy.close();
      envoy = await start(text);
    },
    close: () => envoy.close(),
  };
}

/** The second of five parts: commit/version/…. */
async function versionOf(adminPort: number): Promise<string> {
  const { version } = (await (await fetch(`http://127.0.0.1:${adminPort}/server_info`)).json()) as { version: string };
  return version.split('/')[1] ?? '';
}

/** A shipped config, by its name in `envoy/`. */
export function shipped(name: string): string {
  return readFileSync(new URL(`../../../envoy/${name}`, import.meta.url), 'utf8');
}
