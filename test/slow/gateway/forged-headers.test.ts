import { expect } from 'chai';
import fc from 'fast-check';
import { type Bootstrap, connectionManagerOf } from '../../../envoy/render-config.ts';
import { bearer, bodyOf, type GatewaySite, startGatewaySite } from '../../support/gateway-site.ts';
import { Hits } from '../../support/hits.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { sendHead } from '../../support/raw-http1.ts';

const seed = Number(process.env['MODELGATE_TEST_SEED'] ?? Date.now() % 1_000_000);

/** Takes Envoy's own protection away, so that what is proved is the answer of the check. */
function withoutStripping(bootstrap: Bootstrap): void {
  delete connectionManagerOf(bootstrap).route_config.internal_only_headers;
}

function withoutStrippingOrDropping(bootstrap: Bootstrap): void {
  withoutStripping(bootstrap);
  connectionManagerOf(bootstrap).common_http_protocol_options['headers_with_underscores_action'] = 'ALLOW';
}

const identity = ['model', 'target', 'project', 'principal', 'principal-kind', 'key-id', 'permission'].map(
  name => `x-modelgate-${name}`,
);
const credentials = ['x-model-access-key', 'authorization', 'x-api-key'];

/** A name in some other case. */
function cased(name: string): fc.Arbitrary<string> {
  return fc.mixedCase(fc.constant(name), { toggleCase: char => char.toUpperCase() });
}

for (const envoyVersion of ['1.36.4', '1.40.0']) {
  describe(`T2 behind Envoy ${envoyVersion}: a client that sends our routing headers (seed ${seed})`, function () {
    this.timeout(300_000);
    const spellings = fc
      .tuple(
        fc
          .constantFrom(
            ...['target', 'model'].flatMap(name =>
              ['x-modelgate-', 'x_modelgate_', 'x-modelgate_', 'x_modelgate-'].map(start => start + name),
            ),
          )
          .chain(cased),
        fc.constantFrom('churn', 'fraud', 'modelgate', '', ' churn', 'churn,fraud', 'unknown'),
        fc.constantFrom(1, 1, 2),
      )
      .map(([name, value, times]) => Array<string>(times).fill(`${name}: ${value}`));

    for (const [config, edit] of [
      ['the shipped config', undefined],
      ['no stripping by Envoy', withoutStripping],
      ['neither stripping nor dropping by Envoy', withoutStrippingOrDropping],
    ] as const) {
      it(`with ${config}: 1,000 times, never to another model`, async () => {
        const hits = new Hits();
        const at = await startGatewaySite({ envoyVersion, onRequest: hits.note, ...(edit ? { edit } : {}) });
        const lines = fc.sample(spellings, { seed, numRuns: 1000 });
        const body = bodyOf(at.fraud);
        await inParallel(lines, 20, async forged => {
          await sendHead(at.gateway.port, ['POST /model HTTP/1.1', ...callLines(at, body), ...forged], body);
        });
        await at.close();
        expect(hits.all.map(({ model }) => model)).to.deep.equal(Array(1000).fill('fraud'));
        const told = hits.all.map(
          ({ headers }) => `${headers.get('x-modelgate-target')} ${headers.get('x-modelgate-model')}`,
        );
        expect(new Set(told)).to.deep.equal(new Set(['fraud fraud']));
      });
    }
  });
}

for (const envoyVersion of ['1.36.4', '1.37.0', '1.40.0']) {
  describe(`T3 B24 B25 behind Envoy ${envoyVersion}: headers that the client has set before`, function () {
    this.timeout(300_000);
    for (const [config, edit] of [
      ['the shipped config', undefined],
      ['no stripping by Envoy', withoutStripping],
    ] as const) {
      describe(`with ${config}`, () => {
        const hits = new Hits();
        let at: GatewaySite;
        before(async () => {
          at = await startGatewaySite({ envoyVersion, onRequest: hits.note, ...(edit ? { edit } : {}) });
        });
        after(() => at?.close());
        beforeEach(() => void hits.all.splice(0));

        it('20 headers, each once and twice, by callers known and unknown: none of their values reaches a model', async () => {
          const forged = [
            ...identity,
            ...identity.map(name => name.toUpperCase()),
            ...credentials,
            ...credentials.map(name => name.toUpperCase()),
          ];
          expect(forged).to.have.length(20);
          for (const name of forged) {
            for (const times of [1, 2]) {
              await forge(at, name, times);
            }
          }
          expect(hits.all.length).to.be.greaterThan(50);
          expect(forgedValues(hits)).to.deep.equal([]);
        });

        it("a client at Envoy's limits of headers: an error, or none of its values", async () => {
          const statuses = new Set<number>();
          for (let fill = 78; fill <= 101; fill += 1) {
            statuses.add(
              await crowd(
                at,
                Array.from({ length: fill }, (_, n) => `x-fill-${n}: v`),
              ),
            );
          }
          for (let bytes = 59_000; bytes <= 61_600; bytes += 100) {
            statuses.add(await crowd(at, [`x-fill: ${'v'.repeat(bytes - 400)}`]));
          }
          expect([...statuses].filter(status => status !== 200 && status < 400)).to.deep.equal([]);
          expect(statuses).to.include(200).and.include(431);
          expect(forgedValues(hits)).to.deep.equal([]);
        });
      });
    }
  });
}

function callLines(at: GatewaySite, body: string): string[] {
  return [
    'host: models',
    `authorization: ${bearer(at.viewer).authorization}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
}

/** The header in front of a protected and of an open model; where it is a credential it stands alone. */
async function forge(at: GatewaySite, name: string, times: number): Promise<void> {
  const isCredential = credentials.includes(name.toLowerCase());
  for (const [accessKey, lines] of [
    [at.fraud, callLines(at, bodyOf(at.fraud))],
    [at.churn, callLines(at, bodyOf(at.churn)).filter(line => !line.startsWith('authorization'))],
  ] as const) {
    const value = isCredential ? credentialValue(at, name, accessKey) : 'forged';
    const kept =
      isCredential && value.startsWith('Bearer') ? lines.filter(line => !line.startsWith('authorization')) : lines;
    const forged = Array<string>(times).fill(`${name}: ${value}`);
    await sendHead(at.gateway.port, ['POST /model HTTP/1.1', ...kept, ...forged], bodyOf(accessKey));
  }
}

/** Right ones, since a wrong one gets no call through. */
function credentialValue(at: GatewaySite, name: string, accessKey: string): string {
  const lower = name.toLowerCase();
  if (lower === 'x-model-access-key') return accessKey;
  return lower === 'authorization' ? `Bearer ${at.viewer}` : at.viewer;
}

async function crowd(at: GatewaySite, fill: readonly string[]): Promise<number> {
  const body = bodyOf(at.fraud);
  const forged = identity.map(name => `${name}: forged`);
  return await sendHead(at.gateway.port, ['POST /model HTTP/1.1', ...callLines(at, body), ...forged, ...fill], body);
}

/** Headers of ours that a model got with a value that is not ours, and credentials that it got at all. */
function forgedValues(hits: Hits): string[] {
  return hits.all.flatMap(({ headers }) => {
    const wrong = identity.filter(name => headers.get(name)?.some(value => value.includes('forged')));
    const repeated = identity.filter(name => (headers.get(name)?.length ?? 0) > 1);
    return [...wrong, ...repeated, ...credentials.filter(name => headers.has(name))];
  });
}
