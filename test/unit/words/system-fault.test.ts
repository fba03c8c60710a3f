import { expect } from 'chai';
import { cli } from '../../support/cli.ts';
import { dataDirectory } from '../../support/data-directory.ts';

describe('files that can not be read', () => {
  const env = { MODELGATE_KEY_FILE: '~/ada.key' };

  it('O18 a name with ~ within quotes: that it is no home folder', async () => {
    expect((await cli(['users', 'list'], { env })).stderr).to.equal(
      "modelgate: MODELGATE_KEY_FILE: ~/ada.key can't be read: there is no such file: within quotes ~ is not your home folder\n",
    );
  });

  it('O17 an address in place of a file: that it is not fetched', async () => {
    const { stderr } = await cli(['envoy', 'check', 'https://example.com/envoy.yaml']);
    expect(stderr).to.include('there is no such file: an address is not fetched; give a file, or - for standard input');
  });

  it('a folder, and a file below a file', async () => {
    const folder = dataDirectory();
    expect((await cli(['envoy', 'check', folder])).stderr).to.include(`${folder} can't be read: it is a folder`);
    expect((await cli(['envoy', 'check', `${process.execPath}/x`])).stderr).to.include(
      'a part of its path is no folder',
    );
  });
});
