import { expect } from 'chai';
import { addSnapshotAge, createMetrics } from '../../../src/metrics/metrics.ts';

describe('B40 the age of the snapshot as a metric', () => {
  it('is absent while there is none, since 0 would read as fresh, and told from then on', async () => {
    const metrics = createMetrics('1.2.3');
    let age: number | undefined;
    addSnapshotAge(metrics, () => age);
    const before = await metrics.registry.metrics();
    age = 1.5;
    const after = await metrics.registry.metrics();
    age = undefined;
    const gone = await metrics.registry.metrics();
    expect(samplesIn(before)).to.deep.equal([]);
    expect(samplesIn(after)).to.deep.equal(['modelgate_snapshot_age_seconds 1.5']);
    expect(samplesIn(gone)).to.deep.equal([]);
  });
});

function samplesIn(text: string): string[] {
  return text.split('\n').filter(line => line.startsWith('modelgate_snapshot_age_seconds'));
}
