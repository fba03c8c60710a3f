import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { parse } from 'yaml';
import { ENVOY_VERSION } from '../../envoy/find-envoy.ts';
import { composeConfig, composeConfigFile } from '../../envoy/render-compose-config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { projectFile, readComposeFile, type Service } from '../support/compose.ts';

const compose = readComposeFile();
const services = Object.entries(compose.services);
const envoyConfig = () => parse(readFileSync(composeConfigFile, 'utf8'));

/** The paths of a document, each with its value. */
function leaves(value: unknown, path = ''): [string, unknown][] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`))
    : [[path, value]];
}

describe('docker-compose.yml: what a container may do', () => {
  for (const [name, service] of services) {
    it(`${name} has no root, no capability, no way to more rights and no writable system`, () => {
      expect(service.user.split(':')[0], 'user').to.match(/^([1-9]\d*|\$\{RUN_AS_UID)$/);
      expect(service).to.deep.include({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect(service).to.not.have.any.keys('privileged', 'cap_add', 'pid', 'ipc', 'network_mode', 'devices');
    });

    it(`${name} publishes on loopback only, and mounts files of this machine read-only`, () => {
      expect((service.ports ?? []).filter(port => !port.startsWith('127.0.0.1:'))).to.deep.equal([]);
      const writable = (service.volumes ?? []).filter(volume => /^[./~]/.test(volume) && !volume.endsWith(':ro'));
      expect(writable).to.deep.equal([]);
    });
  }

  it('every image is pinned: that of Envoy to the version of the tests, the others to one of their own', () => {
    const { modelgate, envoy, fraud, churn, prometheus } = compose.services;
    expect([modelgate.image, fraud.image, churn.image]).to.deep.equal(Array(3).fill('modelgate:local'));
    expect(envoy.image).to.equal(`envoyproxy/envoy:distroless-v${ENVOY_VERSION}`);
    expect(prometheus.image).to.match(/^prom\/prometheus:v\d+\.\d+\.\d+$/);
  });

  it('the models are reached through Envoy alone, and only a container with nobody beside it has a way out', () => {
    const members = (network: string) => services.filter(([, { networks }]) => networks?.includes(network));
    expect(members('models').map(([name]) => name)).to.deep.equal(['envoy', 'fraud', 'churn']);
    expect([compose.services.fraud.networks, compose.services.churn.networks]).to.deep.equal([['models'], ['models']]);
    for (const [network, options] of Object.entries(compose.networks)) {
      expect(options?.internal === true || members(network).length === 1, network).to.equal(true);
    }
  });

  it('holds no secret: the one that there is comes from a file, by a setting', () => {
    const { environment = {}, secrets } = compose.services.modelgate;
    expect(projectFile('docker-compose.yml')).to.not.match(/mg[kls]_/);
    expect(
      Object.keys(environment).filter(name => /KEY|SECRET|PASSWORD|TOKEN/.test(name) && !name.endsWith('_FILE')),
    ).to.deep.equal([]);
    expect([secrets, compose.secrets]).to.deep.equal([
      ['bootstrap_key'],
      { bootstrap_key: { file: './modelgate-admin.key' } },
    ]);
    expect(projectFile('.gitignore').split('\n')).to.include.members(['*.key', '.env']);
  });

  it('a start without the first key ends with the command that makes it', () => {
    expect(compose.services.modelgate.user).to.contain(':?').and.to.contain('sh envoy/compose/first-key.sh');
  });
});

describe('docker-compose.yml: what it is written in', () => {
  // Formats are told by Compose itself, with the variables in their place.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const isCompose = ajv.compile(JSON.parse(projectFile('test/unit/compose-spec.json')));

  it('is what the schema of the Compose specification takes', () => {
    expect(isCompose(compose), ajv.errorsText(isCompose.errors)).to.equal(true);
  });

  it('would not be with a word that Compose does not know', () => {
    const { envoy } = compose.services;
    expect(isCompose({ ...compose, services: { ...compose.services, envoy: { ...envoy, read_onli: true } } })).to.equal(
      false,
    );
  });
});

describe('docker-compose.yml: what must agree', () => {
  const environment = compose.services.modelgate.environment ?? {};
  const config = readConfig({}, environment);
  const mounts = ({ volumes = [] }: Service, source: string) =>
    volumes.filter(volume => volume.startsWith(`${source}:`)).map(volume => volume.split(':')[1]);

  it('the settings are ones that the server takes', () => {
    expect(config.data).to.equal('/var/lib/modelgate/data');
    expect(config.bootstrapKeyFile).to.equal(`/run/secrets/${compose.services.modelgate.secrets?.[0]}`);
  });

  it('Envoy finds the socket that Modelgate makes, in the volume that both have', () => {
    const socket = 'socket' in config.checkListen ? config.checkListen.socket : '';
    const [modelgate] = envoyConfig().static_resources.clusters;
    expect(modelgate.load_assignment.endpoints[0].lb_endpoints[0].endpoint.address).to.deep.equal({
      pipe: { path: socket },
    });
    expect([mounts(compose.services.modelgate, 'run'), mounts(compose.services.envoy, 'run')]).to.deep.equal([
      ['/run/modelgate'],
      ['/run/modelgate'],
    ]);
    expect(socket.startsWith('/run/modelgate/')).to.equal(true);
    expect(compose.services.envoy.user).to.contain('RUN_AS_GID');
  });

  it('the data lies in a volume', () => {
    expect(config.data.startsWith(`${mounts(compose.services.modelgate, 'data')[0]}/`)).to.equal(true);
  });

  it('what is published, probed and scraped is what is listened on', () => {
    const { modelgate, envoy } = compose.services;
    expect([config.adminListen.port, modelgate.ports]).to.deep.equal([9192, ['127.0.0.1:9192:9192']]);
    const [listener] = envoyConfig().static_resources.listeners;
    expect([listener.address.socket_address.port_value, envoy.ports]).to.deep.equal([
      10_000,
      ['127.0.0.1:10000:10000'],
    ]);
    const ops = config.opsListen?.port;
    expect(modelgate.healthcheck?.test?.at(-1)).to.equal(`http://127.0.0.1:${ops}`);
    const { scrape_configs } = parse(projectFile('envoy/compose/prometheus.yml'));
    expect(scrape_configs[0].static_configs[0].targets).to.deep.equal([`modelgate:${ops}`]);
  });

  it('each model listens where its cluster looks for it', () => {
    const [, ...clusters] = envoyConfig().static_resources.clusters;
    for (const { name, type, load_assignment } of clusters) {
      const [, port] = compose.services[name as 'fraud'].command ?? [];
      const { socket_address } = load_assignment.endpoints[0].lb_endpoints[0].endpoint.address;
      expect([type, socket_address]).to.deep.equal(['STRICT_DNS', { address: name, port_value: Number(port) }]);
    }
    expect(clusters).to.have.length(2);
  });

  it("Envoy's configuration is envoy.yaml but for addresses (else: npm run docs)", async () => {
    expect(readFileSync(composeConfigFile, 'utf8')).to.equal(await composeConfig());
    const shipped = new Map(leaves(parse(projectFile('envoy/envoy.yaml'))));
    const changed = leaves(envoyConfig()).filter(([path, value]) => shipped.get(path) !== value);
    const allowed = /\.address\.(socket_address\.(address|port_value)|pipe\.path)$|\.clusters\.[12]\.type$/;
    expect(changed.map(([path]) => path).filter(path => !allowed.test(path))).to.deep.equal([]);
  });
});

describe('Dockerfile', () => {
  const stages = projectFile('Dockerfile')
    .split(/^FROM /m)
    .slice(1);
  const runtime = stages.at(-1) ?? '';

  it('is built on one pinned Node.js in all stages, 24.18.1 or newer', () => {
    const versions = new Set(stages.map(stage => /^node:(\d+\.\d+\.\d+)-bookworm/.exec(stage)?.[1]));
    expect(versions).to.have.length(1);
    const [major, minor, patch] = String([...versions][0])
      .split('.')
      .map(Number) as [number, number, number];
    expect(major === 24 && (minor > 18 || (minor === 18 && patch >= 1))).to.equal(true);
  });

  it('runs as a user without rights, with no package manager and no development dependency', () => {
    expect(runtime)
      .to.match(/^USER 10001:10001$/m)
      .and.to.contain('rm -rf /usr/local/lib/node_modules');
    expect(runtime).to.contain('COPY --from=dependencies /app/node_modules');
    expect(stages[0]).to.contain('npm ci --omit=dev');
  });

  it('has a health check that needs no shell, no curl and no credential', () => {
    expect(runtime).to.match(/^HEALTHCHECK .*CMD \["node", "\/app\/dist\/src\/main\.js", "status"\]$/m);
    expect(runtime).to.contain(
      'ENTRYPOINT ["node", "--max-semi-space-size=2", "/app/dist/src/main.js"]\nCMD ["serve"]',
    );
  });

  it('sees of the project only what it copies', () => {
    const [first, ...rest] = projectFile('.dockerignore')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'));
    const allowed = rest.filter(line => line.startsWith('!')).map(line => line.slice(1));
    expect(first).to.equal('*');
    const copied = stages.flatMap(stage =>
      [...stage.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' ')),
    );
    expect([...new Set(copied)].sort()).to.deep.equal(allowed.sort());
  });
});

describe('alert rules', () => {
  it('ask for metrics that there are', () => {
    const names = new Set(
      createMetrics('test')
        .registry.getMetricsAsArray()
        .map(({ name }) => name),
    );
    // Read when they are scraped, so they are added by the server.
    for (const name of ['snapshot_age_seconds', 'clock_behind_seconds', 'component_ok']) {
      names.add(`modelgate_${name}`);
    }
    const { groups } = parse(projectFile('envoy/compose/alerts.yml'));
    const asked = groups[0].rules.flatMap(({ expr }: { expr: string }) => expr.match(/modelgate_\w+/g) ?? []);
    expect(asked).to.have.length.above(5);
    expect(
      asked.map((name: string) => name.replace(/_bucket$/, '')).filter((name: string) => !names.has(name)),
    ).to.deep.equal([]);
  });
});
