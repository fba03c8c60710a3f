import { expect } from 'chai';
import { Health } from '../../../src/health/health.ts';
import { addComponents, createMetrics } from '../../../src/metrics/metrics.ts';

describe('metrics: components of readiness', () => {
  it('tell at each scrape which is well, those too without which checks go on', async () => {
    const { registry, ...rest } = createMetrics('test');
    const health = new Health();
    addComponents({ registry, ...rest }, () => health.read().components);
    let ok = true;
    health.add('store', () => ({ ok, detail: '', checksGoOn: true }));
    const storeOk = async () => /modelgate_component_ok\{component="store"\} (\d)/.exec(await registry.metrics())?.[1];
    expect(await storeOk()).to.equal('1');
    ok = false;
    expect(await storeOk()).to.equal('0');
  });
});
