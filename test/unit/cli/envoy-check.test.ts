import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { cli } from '../../support/cli.ts';
import { bent, readProjectFile } from '../../support/envoy-config.ts';

const shipped = fileURLToPath(new URL('../../../../envoy/envoy.yaml', import.meta.url));
const config = readProjectFile('envoy/envoy.yaml');
const open = bent(config, 'failure_mode_allow: false', 'failure_mode_allow: true');
const line = open.split('\n').findIndex(text => text.includes('failure_mode_allow: true')) + 1;

describe('modelgate envoy check', () => {
  it('says what it looked at where it finds nothing, and ends with 0', async () => {
    const { code, stdout, stderr } = await cli(['envoy', 'check', shipped]);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.equal(`no findings in ${shipped}\nchecked: listener gateway (HTTP filters: ext_authz, router)\n`);
  });

  it('says where, why and what to write of a finding, and ends with 1', async () => {
    const { code, stdout, stderr } = await cli(['envoy', 'check', '-'], { stdin: open });
    expect(code).to.equal(1);
    expect(stdout).to.include(`standard input:${line}: error: failure-mode-allow\n  at     static_resources.`);
    expect(stdout).to.match(/\n {2}why {4}When .*\n {2}write {2}failure_mode_allow: false\n/);
    expect(stderr).to.equal('modelgate: standard input: 1 error\n');
  });

  it('gives the same as JSON', async () => {
    const { code, stdout } = await cli(['envoy', 'check', '-', '-o', 'json'], { stdin: open });
    const { findings, checked, not_checked } = JSON.parse(stdout);
    expect({ code, checked, not_checked }).to.deep.include({ code: 1, not_checked: [] });
    expect(findings).to.have.length(1);
    expect(findings[0]).to.include({ rule: 'failure-mode-allow', severity: 'error', line, document: 1, object: '' });
    expect(findings[0]).to.have.all.keys('rule', 'severity', 'why', 'document', 'object', 'path', 'line', 'write');
  });

  it('ends with 1 where a part could not be checked, and with 0 if --allow-unchecked says so', async () => {
    const stdin = bent(config, 'domains: ["*"]\n', 'domains: ["*"]\n                      matcher: {}\n');
    const refused = await cli(['envoy', 'check', '-'], { stdin });
    const allowed = await cli(['envoy', 'check', '-', '--allow-unchecked'], { stdin });
    expect(refused.code).to.equal(1);
    expect(refused.stdout)
      .to.include('not checked: routes by a matcher of listener gateway')
      .and.not.include('no findings');
    expect(allowed).to.deep.equal({ ...refused, code: 0, stderr: '' });
  });

  it('ends with 2 at bytes that are no UTF-8', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'envoy-check-')), 'latin-1.yaml');
    await writeFile(file, Buffer.from(`# M\xfcller\n${config}`, 'latin1'));
    const { code, stderr } = await cli(['envoy', 'check', file]);
    await rm(dirname(file), { recursive: true });
    expect(code).to.equal(2);
    expect(stderr).to.include("can't be checked: it holds bytes that are no UTF-8");
  });

  it('compares with the limit of the server, from the option or its variable', async () => {
    const option = await cli(['envoy', 'check', shipped, '--body-bytes-max', '4194304']);
    const variable = await cli(['envoy', 'check', shipped], { env: { MODELGATE_BODY_BYTES_MAX: '4194304' } });
    expect(option.stdout).to.include('body-limit-differs').and.include('max_request_bytes: 4194304');
    expect(variable).to.deep.equal(option);
  });

  it('ends with 2 where there is nothing to check', async () => {
    for (const [stdin, says] of [
      ['hello', 'document 1 (line 1) is no config of Envoy, Istio or Envoy Gateway'],
      ['{"a": [', 'it is no valid YAML or JSON'],
      ['admin: {}', 'nothing in it could be checked'],
    ] as const) {
      const { code, stdout, stderr } = await cli(['envoy', 'check', '-'], { stdin });
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.include(`modelgate: standard input can't be checked: ${says}`);
    }
  });

  it('ends with 2 where the file is missing or not named, or the limit is no number', async () => {
    for (const [argv, says] of [
      [['/nowhere.yaml'], "/nowhere.yaml can't be read: there is no such file"],
      [[], 'arguments are missing'],
      [[shipped, '--body-bytes-max', 'x'], '--body-bytes-max'],
    ] as const) {
      const { code, stderr } = await cli(['envoy', 'check', ...argv]);
      expect(code).to.equal(2);
      expect(stderr).to.include(says);
    }
  });
});
