import { startEnvoyGateway } from './envoy-gateway.ts';
import { startIstio } from './istio.ts';
import { startPlainEnvoy } from './plain-envoy.ts';
import type { MeshSite } from './site.ts';

/** A folder with the control plane of a version, as the stage of `.ci` makes it. */
function folderOf(variable: string): string {
  const folder = process.env[variable];
  if (folder === undefined) throw new Error(`${variable} is not set; run: npm run test:mesh`);
  return folder;
}

/** Each shipped config, and what is started on it. */
export const meshes = [
  { file: 'envoy.yaml', start: ({ backends }: MeshSite, text: string) => startPlainEnvoy(backends, text) },
  {
    file: 'istio.yaml',
    start: ({ backends }: MeshSite, text: string) => startIstio(folderOf('MODELGATE_PILOT'), backends, text),
  },
  {
    file: 'envoy-gateway.yaml',
    start: ({ backends }: MeshSite, text: string) =>
      startEnvoyGateway(folderOf('MODELGATE_ENVOY_GATEWAY'), backends, text),
  },
] as const;
