import { expect } from 'chai';
import { makeSecret } from '../../../src/keys/secret.ts';
import { clientWith } from '../../support/admin-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** The address in the audit of a change that came with this X-Forwarded-For. */
async function audited({ admin }: TestServer, forwarded: string, team: string): Promise<string> {
  const headers = { authorization: `Bearer ${admin.key}`, 'x-forwarded-for': forwarded };
  await clientWith(admin.url, headers).post('/api/v2/teams', { team });
  const { body } = await admin.get(`/api/v2/audit_events?action=team.create&target=${team}`);
  return body.audit_events[0].address;
}

describe('B37 R05 the address of a caller behind a proxy', () => {
  it("is the proxy's, whatever it says, where none is trusted", async () => {
    const server = await startServer();
    expect(await audited(server, '203.0.113.7', 't')).to.equal('127.0.0.1');
    await server.close();
  });

  describe('with --trusted-proxies', () => {
    let server: TestServer;
    before(async () => {
      server = await startServer({ flags: { 'trusted-proxies': '127.0.0.1,10.0.0.0/8' } });
    });
    after(() => server.close());

    for (const [forwarded, address] of [
      ['203.0.113.7', '203.0.113.7'],
      ['2001:db8::7', '2001:db8::7'],
      ['198.51.100.9, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
      ['10.0.0.1', '10.0.0.1'],
      ['no address', '127.0.0.1'],
      ['203.0.113.7, no address, 10.1.2.3', '10.1.2.3'],
    ] as const) {
      it(`is ${address} for X-Forwarded-For: ${forwarded}`, async () => {
        const team = `t${Buffer.from(forwarded).toString('hex').slice(0, 60)}`;
        expect(await audited(server, forwarded, team)).to.equal(address);
      });
    }

    it('is what failed sign-ins are throttled by', async () => {
      const tried = async (forwarded: string) =>
        (
          await clientWith(server.admin.url, { 'x-forwarded-for': forwarded }).post('/api/v2/sessions', {
            legacy_key: makeSecret('legacy_key'),
          })
        ).status;
      const statuses: number[] = [];
      for (let n = 0; n < 40; n += 1) {
        statuses.push(await tried('203.0.113.7'));
      }
      expect([statuses.includes(429), await tried('203.0.113.8')]).to.deep.equal([true, 401]);
    });

    it('says nothing of the host that a sign-in link leads to', async () => {
      const { admin } = server;
      const headers = {
        authorization: `Bearer ${admin.key}`,
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
      };
      const { body } = await clientWith(admin.url, headers).post('/api/v2/users/root:sign_in_link');
      expect(new URL(body.url).origin).to.equal(admin.url);
    });
  });
});
