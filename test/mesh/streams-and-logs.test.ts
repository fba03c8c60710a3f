import { expect } from 'chai';
import { reasonOf } from '../support/gateway-site.ts';
import { until } from '../support/until.ts';
import { calls, type TableCall } from './calls.ts';
import { modelgateService } from './cluster.ts';
import { holdPart, table } from './docs-part.ts';
import { sendTo } from './leaks.ts';
import type { Mesh } from './mesh.ts';
import { meshes } from './meshes.ts';
import { openCall } from './open-call.ts';
import { shipped } from './plain-envoy.ts';
import { type MeshSite, startMeshSite } from './site.ts';

const gRpc = 'a body that stays open, by gRPC';
const other = 'a body that stays open, otherwise';
const webSocket = 'WebSocket, keys in headers';

/** What the three answer differently, as their comments say. */
const wanted = {
  'envoy.yaml': { [gRpc]: '200 when it ends', [other]: '200 when it ends', [webSocket]: '403, no model' },
  'istio.yaml': { [gRpc]: '200 at once', [other]: '200 when it ends', [webSocket]: '200, its model' },
  'envoy-gateway.yaml': { [gRpc]: '200 at once', [other]: '200 when it ends', [webSocket]: '403, no model' },
};

/** An Envoy alone knows no Services. Envoy Gateway itself refuses to ask by gRPC there. */
const withHttp1 = { 'envoy.yaml': undefined, 'istio.yaml': 503, 'envoy-gateway.yaml': 500 };

const honest = calls[0] as TableCall;

describe('B27 T11 T24 streams, upgrades and logs of the shipped configs', () => {
  const columns: { readonly name: string; readonly seen: Record<string, string> }[] = [];

  for (const { file, start } of meshes) {
    describe(file, () => {
      const want = wanted[file];
      const seen: Record<string, string> = {};
      let site: MeshSite;
      let mesh: Mesh;

      before(async () => {
        site = await startMeshSite();
        mesh = await start(site, shipped(file));
        columns.push({ name: mesh.name, seen });
      });
      after(async () => {
        await mesh?.close();
        await site?.close();
      });

      const keys = () => ({ authorization: `Bearer ${site.keys.viewer}`, 'x-model-access-key': site.keys.fraud });
      const reachedAfter = () => {
        const { fraud } = site.reached();
        return () => site.reached().fraud > fraud;
      };

      for (const [what, type] of [
        [gRpc, 'application/grpc'],
        [other, 'application/octet-stream'],
      ] as const) {
        it(`${what}: ${want[what]}`, async () => {
          const headers = { host: 'models.example.com', 'content-type': type, ...keys() };
          seen[what] = await openCall({ port: mesh.port, headers, reached: reachedAfter() });
          expect(seen[what]).to.equal(want[what]);
        });
      }

      it(`${webSocket}: ${want[webSocket]}`, async () => {
        const reached = reachedAfter();
        const headers = { ...keys(), connection: 'upgrade', upgrade: 'websocket' };
        const { status } = await sendTo(mesh, { method: 'GET', headers });
        seen[webSocket] = `${status}, ${reached() ? 'its model' : 'no model'}`;
        expect(seen[webSocket]).to.equal(want[webSocket]);
      });

      it('logs reason, model and Key ID of a call, and none of its keys', async () => {
        const { fraud, viewer, outsider } = site.keys;
        const path = `/logged?accessKey=${fraud}`;
        for (const key of [viewer, outsider]) await sendTo(mesh, { path, headers: { authorization: `Bearer ${key}` } });
        const lines = await until('two lines', () => {
          const now = mesh.accessLog().filter(line => JSON.parse(line).path === '/logged');
          return now.length === 2 && now;
        });
        const shown = lines.map(line => JSON.parse(line)).map(({ reason, model }) => ({ reason, model }));
        expect(shown).to.deep.equal([
          { reason: 'authorized', model: 'fraud' },
          { reason: 'not_authorized', model: 'fraud' },
        ]);
        for (const line of lines) expect(JSON.parse(line).key_id).to.match(/^[\w-]{8,}$/);
        for (const key of [fraud, viewer, outsider]) expect(lines.join()).not.to.include(key);
      });

      const refusal = withHttp1[file];
      if (refusal === undefined) return;
      it(`answers ${refusal} to every call where the port of Modelgate's Service is not HTTP/2`, async () => {
        for (const object of modelgateService(site.backends, { name: 'check' })) await mesh.change?.(object);
        expect(reasonOf(await sendTo(mesh, honest.send(site.keys)))).to.equal(`${refusal} undefined`);
      });
    });
  }

  // A suite of its own: tests beside suites run before them.
  describe('docs/meshes.md', () => {
    it('says what came of it', () => {
      expect(columns.flatMap(({ seen }) => Object.keys(seen)).length, 'all were run').to.equal(3 * meshes.length);
      const rows = [gRpc, other, webSocket].map(what => [what, ...columns.map(({ seen }) => `${seen[what]}`)]);
      holdPart('streams', table([['call', ...columns.map(({ name }) => name)], ...rows]));
    });
  });
});
