import { join } from 'node:path';
import { expect } from 'chai';
import { inspect, keepWriting, restored } from '../support/backups.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { runs } from '../support/runs.ts';
import { serveAgain, startServer } from '../support/server.ts';
import { fillSite, whenShortKeysHaveExpired, wrongVerdicts } from '../support/verdicts.ts';

const restores = runs(100);

describe('fault: backups under load', function () {
  this.timeout(restores * 6000);

  it(`T25 T44 are sound ${restores} times of ${restores}, hold what they tell, and answer as the site did`, async () => {
    const data = dataDirectory();
    const server = await startServer({ data });
    const expected = await fillSite(server);
    const stop = keepWriting(server.admin);
    const epochs = new Set<string>();
    for (let n = 0; n < restores; n += 1) {
      const { body } = await server.admin.post('/api/v2/site:backup');
      expect(await inspect(join(data, body.name)), body.name).to.include({
        integrity: 'ok',
        revision: body.revision,
        gaps: 0,
      });
      const directory = restored(data, body.name);
      const again = await serveAgain(directory, undefined, { now: whenShortKeysHaveExpired });
      expect(await wrongVerdicts(again.checks, expected), body.name).to.deep.equal([]);
      await again.close();
      epochs.add((await inspect(join(directory, 'modelgate.db'))).epoch);
    }
    expect(await stop()).to.be.greaterThan(restores);
    await server.close();
    expect(epochs.size).to.equal(restores);
  });
});
