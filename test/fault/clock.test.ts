import { expect } from 'chai';
import { BentMachine, hourMs, yearMs } from '../support/bent-clock.ts';
import { modelCall } from '../support/check-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { initData } from '../support/serve-process.ts';
import { serveAgain, startServer, type TestServer } from '../support/server.ts';

const minuteMs = 60_000;
const keys = '/api/v2/users/root/v2_keys';

/** A served site on a machine whose clock can be set, with a key that expires in half an hour. */
async function siteOn(machine: BentMachine) {
  const data = dataDirectory();
  const server = await startServer({ data, clock: machine.clock() });
  await server.admin.post('/api/v2/site:apply', {
    projects: [{ project_id: 'p', owner: { username: 'root' }, models: [{ model_id: 'fraud' }] }],
  });
  const accessKey = (await server.admin.get('/api/v2/projects/p/models/fraud')).body.access_key;
  const expiry_date = new Date(machine.truth() + 30 * minuteMs).toISOString();
  const bearer = (await server.admin.post(keys, { expiry_date })).body.api_key;
  const reason = async (from: TestServer) => {
    const { okResponse, dynamicMetadata } = await from.checks.check(modelCall({ accessKey, bearer }));
    return okResponse ? 'allow' : dynamicMetadata?.fields?.['modelgate']?.structValue?.fields?.['reason']?.stringValue;
  };
  return { data, server, reason };
}

describe('fault: a clock that is set', () => {
  for (const [name, jump] of [
    ['1 h', hourMs],
    ['10 y', 10 * yearMs],
  ] as const) {
    it(`T41 revives no expired key by ±${name}, over a restart either`, async () => {
      const machine = new BentMachine(Date.now());
      const { data, server, reason } = await siteOn(machine);
      const told = [await reason(server)];
      machine.set(-jump);
      told.push(await reason(server));
      machine.pass(31 * minuteMs);
      told.push(await reason(server));
      machine.set(2 * jump);
      told.push(await reason(server));
      machine.set(-2 * jump);
      told.push(await reason(server));
      await server.close();
      const again = await serveAgain(data, server.admin, { clock: machine.clock() });
      told.push(await reason(again));
      await again.close();
      const expired = Array(4).fill('api_key_expired');
      expect(told).to.deep.equal(['allow', 'allow', ...expired]);
    });
  }

  it('T41 keeps no snapshot fresh and makes none stale', async () => {
    const machine = new BentMachine(Date.now());
    const { server, reason } = await siteOn(machine);
    await server.admin.patch('/api/v2/settings', { stale_after_seconds: 10 });
    const told = [];
    for (const jump of [-hourMs, 10 * minuteMs, 2 * hourMs]) {
      machine.set(jump);
      told.push(await reason(server));
    }
    const { body } = await server.admin.get('/readyz');
    await server.close();
    expect(told).to.deep.equal(['allow', 'allow', 'api_key_expired']);
    expect(body.components.snapshot.detail).to.contain('confirmed 0 s ago');
  });

  it('T41 shows a clock that is behind, stays ready, and takes it as right only when a site admin says so', async () => {
    const machine = new BentMachine(Date.now());
    const { data, server, reason } = await siteOn(machine);
    machine.set(10 * yearMs);
    await reason(server);
    machine.set(-10 * yearMs);
    const { body: before } = await server.admin.get('/readyz');
    const metrics = (await server.admin.get('/metrics')).body;
    const accepted = await server.admin.post('/api/v2/site:accept_clock');
    await server.close();
    expect([before.ready, before.components.clock.ok]).to.deep.equal([true, false]);
    expect(before.components.clock.detail).to.contain('315360000 s behind').and.to.contain('modelgate accept-clock');
    expect(metrics).to.contain('modelgate_clock_behind_seconds 315360000');
    expect(accepted.body).to.deep.equal({ time: new Date(machine.truth()).toISOString(), behind_seconds: 315_360_000 });
    const again = await serveAgain(data, server.admin, { clock: machine.clock() });
    expect(await reason(again)).to.equal('allow');
    await again.close();
  });

  it('T41 begins no earlier than the last change, although the machine says so', async () => {
    const data = dataDirectory();
    await initData(data);
    const machine = new BentMachine(Date.now() - 10 * yearMs);
    const server = await serveAgain(data, undefined, { clock: machine.clock() });
    const { body } = await server.admin.get('/readyz');
    await server.close();
    expect(body.components.clock.ok).to.equal(false);
    expect(server.logged.filter(line => line.includes('clock is behind'))).to.have.length(1);
  });
});
