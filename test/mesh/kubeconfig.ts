import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Writes a kubeconfig for the stub into the folder; answers its path. */
export function kubeconfig(folder: string, server: string): string {
  const file = join(folder, 'kubeconfig');
  const context = { cluster: 'stub', user: 'stub' };
  writeFileSync(
    file,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'stub', cluster: { server } }],
      users: [{ name: 'stub', user: {} }],
      contexts: [{ name: 'stub', context }],
      'current-context': 'stub',
    }),
  );
  return file;
}
