import { expect } from 'chai';
import { restoreKilledAt } from '../support/killed-restores.ts';
import { revokedSite } from '../support/revoked-site.ts';

describe('T37 O14 a restore that is killed', function () {
  this.timeout(600_000);

  it('before any of its changes of the folder leaves one store or the other, whole', async () => {
    const site = await revokedSite();
    const left = [];
    for (let call = 1; left.at(-1) !== 'done'; call += 1) {
      left.push(await restoreKilledAt(call, 'mkdir,copyFile,chmod,link,rename,rm', site));
    }
    expect(left.filter(each => each === 'old').length).to.be.greaterThan(5);
    expect(left).to.include('new');
  });
});
