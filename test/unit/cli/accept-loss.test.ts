import { expect } from 'chai';
import { StoreError } from '../../../src/store/store-error.ts';
import { cli } from '../../support/cli.ts';

describe('modelgate accept-loss', () => {
  for (const [what, acknowledged, says] of [
    ['the revisions that are lost', 15, 'revisions 13 to 15 of /flag are lost'],
    ['from where on changes may be lost, where nobody can tell which', undefined, 'changes after revision 12 of /flag'],
  ] as const) {
    it(`names ${what}, and says what to do`, async () => {
      const asked: string[] = [];
      const acceptLoss = async (data: string) => {
        asked.push(data);
        return { revision: 12, acknowledged };
      };
      const env = { MODELGATE_DATA: '/env', MODELGATE_LOG_LEVEL: 'loud' };
      const { code, stdout, stderr } = await cli(['accept-loss', '--data', '/flag'], { acceptLoss, env });
      expect({ code, stdout, asked }).to.deep.equal({ code: 0, stdout: '', asked: ['/flag'] });
      expect(stderr).to.contain(says).and.to.contain('revoke anew what was revoked since');
    });
  }

  it('ends with 1 and the reason where there is nothing to accept', async () => {
    const acceptLoss = async () => {
      throw new StoreError('not_found', 'there is no loss to accept');
    };
    const { code, stderr } = await cli(['accept-loss'], { acceptLoss });
    expect({ code, stderr }).to.deep.equal({ code: 1, stderr: 'modelgate: there is no loss to accept\n' });
  });
});
