import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { makeAuthority, writePems } from '../support/certificates.ts';
import { modelCall } from '../support/check-client.ts';
import { projectFile } from '../support/compose.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { startServer } from '../support/server.ts';
import { findTool, type Tool } from './find-tool.ts';

const alerts = fileURLToPath(new URL('../../../envoy/compose/alerts.yml', import.meta.url));

describe('promtool', () => {
  let promtool: Tool;
  before(() => {
    promtool = findTool('promtool', 'apt-get install -y --no-install-recommends prometheus');
  });

  it('has nothing to say about /metrics, whatever has been counted', async () => {
    const { cert, key } = writePems(makeAuthority('ca').issue('admin'));
    const server = await startServer({
      flags: { 'ops-listen': '127.0.0.1:0', 'admin-tls-cert': cert, 'admin-tls-key': key },
    });
    await server.checks.check(modelCall());
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${server.opsPort}${path}`)).text();
    await ask('/readyz');
    const metrics = await ask('/metrics');
    await server.close();
    for (const name of [
      'tls_certificate_expiry_timestamp_seconds{',
      'checks_total{',
      'admin_request_duration_seconds_count{',
    ]) {
      expect(metrics).to.contain(`modelgate_${name}`);
    }
    expect(await promtool(['check', 'metrics'], { stdin: metrics })).to.deep.equal({ code: 0, output: '' });
  });

  it('takes the configuration and the alert rules of docker-compose.yml', async () => {
    const rules = await promtool(['check', 'rules', alerts]);
    expect(rules.output).to.match(/SUCCESS: \d+ rules found/);
    const config = join(dataDirectory(), 'prometheus.yml');
    writeFileSync(config, projectFile('envoy/compose/prometheus.yml').replace('/etc/prometheus/alerts.yml', alerts));
    const { code, output } = await promtool(['check', 'config', config]);
    expect([rules.code, code], output).to.deep.equal([0, 0]);
  });

  it('R04 warns of an audit archive that fails for half an hour, and not of one failure', async () => {
    const series = "modelgate_audit_archive_failures_total{instance='a'}";
    const summary = "a can't write its audit archive: nothing is lost, and its store grows. Its log says why.";
    const alertname = 'ModelgateAuditNotArchived';
    const exp_alerts = [{ exp_labels: { severity: 'warning', instance: 'a' }, exp_annotations: { summary } }];
    const tests = [
      { input_series: [{ series, values: '0+1x60' }], alert_rule_test: [{ eval_time: '30m', alertname, exp_alerts }] },
      {
        input_series: [{ series, values: '0 1+0x60' }],
        alert_rule_test: [{ eval_time: '30m', alertname, exp_alerts: [] }],
      },
    ].map(test => ({ interval: '1m', ...test }));
    const file = join(dataDirectory(), 'alerts-test.yml');
    writeFileSync(file, JSON.stringify({ rule_files: [alerts], tests }));
    const { code, output } = await promtool(['test', 'rules', file]);
    expect(code, output).to.equal(0);
  });

  for (const [alert, series, well, ill] of [
    ['ModelgateStoreFails', 'modelgate_component_ok{component="store"}', 1, 0],
    ['ModelgateClockBehind', 'modelgate_clock_behind_seconds', 0, 3600],
    ['ModelgateKeysExpire', 'modelgate_api_keys_expiring{within="7d"}', 0, 3],
  ] as const) {
    it(`finds that ${alert} fires when its metric says so, and not while all is well`, async () => {
      const file = join(dataDirectory(), 'rules-test.json');
      const expr = `count(ALERTS{alertname="${alert}", alertstate="firing"})`;
      const fires = (eval_time: string, exp_samples: object[]) => ({ expr, eval_time, exp_samples });
      const test = {
        interval: '1m',
        // Two hours well, then two hours ill.
        input_series: [{ series, values: `${well}+0x119 ${ill}+0x119` }],
        promql_expr_test: [fires('119m', []), fires('200m', [{ labels: '{}', value: 1 }])],
      };
      writeFileSync(file, JSON.stringify({ rule_files: [alerts], evaluation_interval: '1m', tests: [test] }));
      const { code, output } = await promtool(['test', 'rules', file]);
      expect(code, output).to.equal(0);
    });
  }
});
