import { expect } from 'chai';
import { pathSegment } from '../../../src/ui/api/path-segment.ts';
import { matchPath } from '../../../src/ui/match-path.ts';

describe('paths of the pages', () => {
  it('T30 S16 refuse a name that a URL would swallow, and escape every other', () => {
    for (const name of ['', '.', '..']) {
      expect(() => pathSegment(name), name).to.throw('is no name or id');
    }
    expect(pathSegment('a/../b')).to.equal('a%2F..%2Fb');
    expect(pathSegment('...')).to.equal('...');
  });

  it('T30 S16 show no page for such a name, however it is written', () => {
    for (const name of ['', '.', '..', '%2e%2E', '%2e']) {
      expect(matchPath('/users/:name', `/users/${name}`), name).to.equal(undefined);
    }
    expect(matchPath('/users/:name', '/users/a.b')).to.deep.equal({ name: 'a.b' });
  });

  it('B49 R14 hold names as directories have them, and give them back', () => {
    for (const name of ['CORP\\jane', "o'brien#EXT#@x.org", 'system:serviceaccount:ml:scorer', 'jane+ml@x.org']) {
      expect(pathSegment(name)).to.match(/^[^/?#:\\]+$/);
      expect(matchPath('/users/:name', `/users/${pathSegment(name)}`)).to.deep.equal({ name });
    }
  });
});
