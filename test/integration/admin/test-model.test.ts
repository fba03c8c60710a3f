import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTrap, type Server as Trap } from 'node:net';
import { expect } from 'chai';
import { type AdminClient, adminClient } from '../../support/admin-client.ts';
import { site } from '../../support/admin-site.ts';
import { send } from '../../support/send.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

const path = '/api/v2/projects/p/models/fraud:test';
const listening = async (server: Server | Trap) => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('admin API: tests of models', () => {
  let server: TestServer;
  let ada: AdminClient;
  let ben: AdminClient;
  let gateway: Server;
  let trap: Trap;
  /** `HOST:PORT` where nothing may connect, and where the gateway is. */
  let trapAt: string;
  let gatewayAt: string;
  let connections = 0;
  let reached = 0;
  /** What the gateway answers with. */
  let answer: { status: number; headers: Record<string, string>; body: string };

  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
    [ada, ben] = [await server.as('ada'), await server.as('ben')];
    trap = createTrap(socket => {
      connections += 1;
      socket.destroy();
    });
    gateway = createServer((_, response) => {
      reached += 1;
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
    [trapAt, gatewayAt] = [await listening(trap), await listening(gateway)];
    await setGateway(`http://${gatewayAt}`);
  });
  beforeEach(() => {
    answer = { status: 200, headers: {}, body: '{}' };
  });
  after(async () => {
    trap.close();
    gateway.close();
    await server.close();
  });

  const setGateway = (gateway_url: string) => server.admin.patch('/api/v2/settings', { gateway_url });
  const test = (body: object, who = ben) => who.post(path, body);

  describe('T32 lead nowhere but to the gateway', () => {
    /** Ways in which somebody could name another target; `to` is what they name. */
    const inBody: ((to: string) => object)[] = [
      to => ({ url: `http://${to}` }),
      to => ({ gateway_url: `http://${to}` }),
      to => ({ target: to }),
      to => ({ host: to }),
      to => ({ path: `http://${to}/` }),
      to => ({ headers: { host: to } }),
      to => ({ proxy: `http://${to}` }),
      to => ({ request: { url: `http://${to}`, gateway_url: `http://${to}`, $ref: `http://${to}` } }),
      to => ({ request: `http://${to}` }),
      to => ({ api_key: `http://${to}` }),
      to => ({ api_key: `//${to}` }),
      to => ({ api_key: `@${to}` }),
      to => ({ api_key: `k\r\nHost: ${to}\r\n\r\nPOST http://${to}/ HTTP/1.1` }),
      to => ({ api_key: `k\nhost: ${to}` }),
      to => ({ api_key: `k\u010d\u010ahost: ${to}` }),
      to => ({ api_key: `k\u0000host: ${to}` }),
    ];
    for (const make of inBody) {
      it(`with ${JSON.stringify(make('TARGET'))}`, async () => {
        const { status } = await test(make(trapAt));
        expect(status).to.be.oneOf([200, 400]);
        expect(connections).to.equal(0);
      });
    }

    const inHeaders = (to: string): Record<string, string>[] => [
      { host: to },
      { 'x-forwarded-host': to },
      { 'x-forwarded-for': to },
      { forwarded: `host=${to};for=${to}` },
      { 'x-original-url': `http://${to}/` },
      { 'x-rewrite-url': `http://${to}/` },
      { 'proxy-authorization': `Basic ${to}` },
      { origin: `http://${to}`, referer: `http://${to}` },
      { 'x-envoy-original-path': `http://${to}/` },
      { 'x-modelgate-target': to },
    ];
    for (const [at, headers] of inHeaders('TARGET').entries()) {
      it(`with ${JSON.stringify(headers)} on the request`, async () => {
        const named = { ...inHeaders(trapAt)[at], authorization: `Bearer ${ben.key}` };
        await send({ port: server.adminPort }, { path, headers: named, body: '{}' });
        expect(connections).to.equal(0);
      });
    }

    const inPath = (to: string): string[] => [
      `${path}?gateway_url=http://${to}`,
      `/api/v2/projects/p/models/@${to}:test`,
      `/api/v2/projects/p/models/${encodeURIComponent(`http://${to}/`)}:test`,
      `/api/v2/projects/..%2f..%2f%2f${to}/models/fraud:test`,
      `http://${to}/api/v2/projects/p/models/fraud:test`,
    ];
    for (const [at, named] of inPath('TARGET').entries()) {
      it(`with the path ${named}`, async () => {
        const headers = { authorization: `Bearer ${ben.key}` };
        await send({ port: server.adminPort }, { path: inPath(trapAt)[at] as string, headers, body: '{}' });
        expect(connections).to.equal(0);
      });
    }

    for (const status of [201, 300, 301, 302, 303, 307, 308]) {
      it(`when the gateway answers ${status} with the place`, async () => {
        const to = `http://${trapAt}/`;
        const headers = { location: to, 'content-location': to, refresh: `0;url=${to}`, link: `<${to}>; rel=preload` };
        answer = { status, headers: { ...headers, 'alt-svc': `h2="${trapAt}"` }, body: 'elsewhere' };
        expect((await test({})).body).to.include({ status_code: status, body: 'elsewhere' });
        expect(connections).to.equal(0);
      });
    }

    it('nor by a setting that somebody but a site admin makes, or that is no plain http address', async () => {
      const url = `http://${trapAt}`;
      for (const who of [ada, ben, adminClient(server.admin.url, '')]) {
        expect((await who.patch('/api/v2/settings', { gateway_url: url })).status).to.be.oneOf([401, 403]);
        await who.post('/api/v2/site:apply', { settings: { gateway_url: url } });
      }
      for (const odd of [`gopher://${trapAt}`, `http://u@${trapAt}`, `http://${trapAt}?`.concat('a'), 'file:///etc']) {
        expect((await setGateway(odd)).status).to.equal(400);
      }
      expect((await test({})).body.status_code).to.equal(200);
      expect(connections).to.equal(0);
    });

    it("nor by a model's target, nor by proxies of the environment", async () => {
      const names = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'NODE_USE_ENV_PROXY'];
      for (const name of names) process.env[name] = `http://${trapAt}`;
      try {
        await server.admin.patch('/api/v2/projects/p/models/fraud', { target: trapAt.split(':')[0] });
        expect((await test({})).body.status_code).to.equal(200);
        expect(connections).to.equal(0);
      } finally {
        for (const name of names) delete process.env[name];
      }
    });

    it('and the trap would have told: a site admin may name it', async () => {
      expect(reached).to.be.above(0);
      await setGateway(`http://${trapAt}`);
      expect((await test({})).body).to.include({ reason: 'gateway_unreachable' });
      expect(connections).to.equal(1);
      connections = 0;
      await setGateway(`http://${gatewayAt}`);
    });
  });

  it('B36 name the replica by the body, else by the header', async () => {
    const replicaOf = async (body: string) => {
      answer = { status: 200, headers: { 'x-replica-id': 'header-1' }, body };
      return (await test({})).body.replica_id;
    };
    expect(await replicaOf('{"ReplicaID":"body-1"}')).to.equal('body-1');
    const none = ['{}', '[]', 'null', 'no JSON', '{"ReplicaID":7}', '{"ReplicaID":"a\\nb"}'];
    for (const body of none) {
      expect(await replicaOf(body), body).to.equal('header-1');
    }
  });

  it('T24 hide the access key from a viewer in whatever the gateway answers, also where it breaks off', async () => {
    const { access_key } = (await server.admin.get('/api/v2/projects/p/models/fraud')).body;
    answer.body = JSON.stringify({ errors: { [access_key]: access_key }, ReplicaID: 'r' });
    answer.headers = { 'x-modelgate-reason': 'not_authorized' };
    const echoed = (await test({})).body;
    expect(JSON.stringify(echoed)).not.to.include(access_key);
    expect(echoed.message).to.equal('[key]: [key]');
    answer.body = 'x'.repeat(256 * 1024 - 30) + access_key;
    const cut = (await test({})).body;
    expect([cut.body_truncated, cut.body.length]).to.deep.equal([true, 64 * 1024]);
    answer.body = access_key.repeat(10_000);
    expect((await test({})).body.body).not.to.match(new RegExp(access_key.slice(0, 8)));
  });

  it('T30 show who is on the project to its admins, to others what concerns themselves', async () => {
    await server.admin.post('/api/v2/site:apply', {
      teams: [{ team: 'crew', members: [{ username: 'ben', permission: 'read' }] }, { team: 'board' }],
      projects: [
        { ...site.projects[0], team_collaborators: ['crew', 'board'].map(team => ({ team, mode: 'inherit' })) },
      ],
    });
    const api_key = (await server.admin.post('/api/v2/users/ben/v2_keys', {})).body.api_key;
    const kinds = async (who: AdminClient) => {
      const { explanation } = (await test({ api_key }, who)).body;
      const rows = explanation.steps.flatMap(({ rows }: { rows: { kind: string; id: string }[] }) => rows);
      return new Set(rows.map(({ kind, id }: { kind: string; id: string }) => `${kind} ${id}`));
    };
    const own = await kinds(ben);
    expect(own).to.include('collaborator p/ben').and.include('team_member crew/ben');
    expect([...own].join()).not.to.match(/board|team_collaborator/);
    expect([...(await kinds(ada))].join()).to.match(/board/);
    await server.admin.patch('/api/v2/users/otto', { site_admin: false });
    await server.admin.put('/api/v2/projects/p/collaborators/otto', { permission: 'read' });
    expect([...(await kinds(await server.as('otto')))].join()).not.to.match(/collaborator|team_member/);
  });

  it('T30 are for those who may read the project, and say what is wrong with a request', async () => {
    const statuses = [];
    await server.admin.delete('/api/v2/projects/p/collaborators/otto');
    for (const who of [ada, ben, await server.as('otto'), adminClient(server.admin.url, '')]) {
      statuses.push((await test({}, who)).status);
    }
    expect(statuses).to.deep.equal([200, 200, 404, 401]);
    const { status, body } = await test({ api_key: 'two words' });
    expect([status, body.details[0].field]).to.deep.equal([400, 'api_key']);
  });

  describe('T55 are bounded', () => {
    let hold: (end: () => void) => void;
    let slow: Server;
    before(async () => {
      slow = createServer((_, response) => hold(() => response.end('{}')));
      await setGateway(`http://${await listening(slow)}`);
    });
    after(async () => {
      slow.close();
      await setGateway(`http://${gatewayAt}`);
    });
    /** Sends tests and waits until each is refused or held by the gateway; answers how many of each, and what ends the held ones. */
    const sendAll = async (clients: readonly AdminClient[]) => {
      const held: (() => void)[] = [];
      hold = end => held.push(end);
      let refused = 0;
      const asked = clients.map(async who => {
        const { status, headers } = await test({}, who);
        refused += status === 429 && headers.get('retry-after') === '1' ? 1 : 0;
        return status;
      });
      await until('all are refused or held', () => refused + held.length === clients.length);
      const end = async () => {
        for (const each of held) each();
        return (await Promise.all(asked)).filter(status => status === 200).length;
      };
      return { refused, held: held.length, end };
    };

    it('for each user, so that nobody keeps another from testing', async () => {
      const { refused, held: ofBen, end } = await sendAll(Array.from({ length: 20 }, () => ben));
      expect([refused, ofBen]).to.deep.equal([16, 4]);
      const ofAda = await sendAll([ada]);
      expect([ofAda.refused, ofAda.held]).to.deep.equal([0, 1]);
      expect([await ofAda.end(), await end()]).to.deep.equal([1, 4]);
    });

    it('for all together, and are taken again when some have ended', async () => {
      const names = Array.from({ length: 16 }, (_, n) => `tester${n}`);
      const collaborators = names.map(username => ({ username, permission: 'read' }));
      const users = names.map(username => ({ username }));
      await server.admin.post('/api/v2/site:apply', { users, projects: [{ project_id: 'p', collaborators }] });
      const testers = await Promise.all(names.map(name => server.as(name)));
      const all = await sendAll(testers.flatMap(tester => [tester, tester, tester, tester]));
      expect([all.refused, all.held]).to.deep.equal([0, 64]);
      const { status, body } = await test({}, ada);
      expect([status, body.message]).to.deep.equal([429, '64 tests are under way: wait a moment, and try again']);
      expect(await all.end()).to.equal(64);
    });
  });
});
