import { writeFileSync } from 'node:fs';
import { type Address, renderConfig } from './render-config.ts';

/** Found from `dist/envoy/` too, where this file runs. */
export const composeConfigFile = new URL('../../envoy/compose/envoy.yaml', import.meta.url);

/** The socket that Modelgate makes in the folder that both containers have. */
const checkSocket = '/run/modelgate/check/check.sock';
const gatewayPort = 10_000;
const adminPort = 9901;
const modelPort = 8080;
/** Containers of docker-compose.yml, each found by its name. */
const models = ['fraud', 'churn'];

const heading = `# Envoy's configuration in docker-compose.yml: ../envoy.yaml, where every line is explained, with other addresses, as
# \`npm run docs\` makes it. The listener is open within the container and published on loopback only. CHANGE the last two clusters
# to your models; what is to change for everybody belongs in that file.
`;

/** `envoy.yaml` as the container takes it: open listener, Modelgate by its socket, models by their names. */
export async function composeConfig(): Promise<string> {
  const text = await renderConfig({
    gatewayPort,
    adminPort,
    check: { pipe: checkSocket },
    models: Object.fromEntries(models.map(name => [name, modelPort])),
    edit: ({ static_resources: { listeners, clusters } }) => {
      for (const listener of listeners) {
        listener.address = at('0.0.0.0', gatewayPort);
      }
      for (const cluster of clusters.filter(({ name }) => models.includes(name))) {
        cluster.type = 'STRICT_DNS';
        cluster.load_assignment.endpoints = [
          { lb_endpoints: [{ endpoint: { address: at(cluster.name, modelPort) } }] },
        ];
      }
    },
  });
  return heading + text;
}

function at(address: string, port: number): Address {
  return { socket_address: { address, port_value: port } };
}

if (process.argv[2] === '--write') {
  writeFileSync(composeConfigFile, await composeConfig());
}
