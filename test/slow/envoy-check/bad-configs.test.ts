import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { findEnvoy } from '../../../envoy/find-envoy.ts';
import { connectionManagerOf } from '../../../envoy/render-config.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { startGateway } from '../../support/envoy.ts';
import {
  canBeMended,
  check,
  findingsOf,
  mended,
  readProjectFile,
  refusalOf,
  yamlFilesIn,
} from '../../support/envoy-config.ts';

const run = promisify(execFile);

describe('T1 bad Envoy configs, before a real Envoy', () => {
  const folder = dataDirectory();
  let binary: string;

  before(async function () {
    this.timeout(300_000);
    binary = await findEnvoy();
  });

  /** Rejects where Envoy does, with what it says. */
  async function validate(name: string, text: string): Promise<void> {
    const file = join(folder, name);
    await writeFile(file, text);
    await run(binary, ['--mode', 'validate', '-c', file, '-l', 'error']);
  }

  const refusedByEnvoy = ['37-setting-unknown.yaml', '39-version-2.yaml'];
  const paths = yamlFilesIn('test/unit/envoy-config/bad');

  for (const name of refusedByEnvoy) {
    it(`${name} is refused by Envoy, too`, async () => {
      const fault = await validate(name, readProjectFile(`test/unit/envoy-config/bad/${name}`)).catch(String);
      expect(fault).to.be.a('string');
    });
  }

  for (const path of paths.filter(name => !refusedByEnvoy.includes(basename(name)))) {
    it(`${basename(path)} is taken by Envoy: only the check of configs finds it`, async () => {
      const text = readProjectFile(path);
      await validate(basename(path), text);
      const [found] = findingsOf(text);
      // What is to be written is taken, too.
      if (found && canBeMended(found)) await validate(`mended-${basename(path)}`, mended(text, found));
    });
  }
});

describe("T1 a real Envoy's /config_dump", () => {
  /** The dump of an Envoy on the shipped config, bent or not; nobody answers its checks. */
  async function dumpOf(edit: Parameters<typeof startGateway>[0]['edit']): Promise<string> {
    const gateway = await startGateway({ check: 1, models: ['fraud'], ...(edit ? { edit } : {}) });
    try {
      return await (await fetch(`${gateway.adminUrl}/config_dump`)).text();
    } finally {
      await gateway.close();
    }
  }

  it('yields no finding for the shipped config', async () => {
    const { findings, checked } = check(await dumpOf(undefined));
    expect(findings).to.deep.equal([]);
    expect(checked).to.deep.equal(['listener gateway (HTTP filters: ext_authz, router)']);
  });

  it('yields what is wrong with a bent one', async () => {
    const dump = await dumpOf(bootstrap => {
      const [authz] = connectionManagerOf(bootstrap).http_filters;
      Object.assign(authz?.typed_config ?? {}, { failure_mode_allow: true });
    });
    expect(findingsOf(dump).map(({ rule }) => rule)).to.deep.equal(['failure-mode-allow']);
  });

  it('is not taken for sound where it holds clusters alone', async () => {
    const clusters = { '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump' };
    expect(refusalOf(JSON.stringify({ configs: [clusters] }))[0]).to.equal('nothing in it could be checked');
  });
});
