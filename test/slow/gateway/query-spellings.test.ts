import { expect } from 'chai';
import fc from 'fast-check';
import { type GatewaySite, startGatewaySite } from '../../support/gateway-site.ts';
import { Hits } from '../../support/hits.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { sendHead } from '../../support/raw-http1.ts';

const count = 1000;
const seed = Number(process.env['MODELGATE_TEST_SEED'] ?? Date.now() % 1_000_000);
/** Stands for the access key, which is made only later. */
const key = '\u0001';

const encodeAt = (text: string, at: number) =>
  `${text.slice(0, at)}%${text.charCodeAt(at).toString(16)}${text.slice(at + 1)}`;
const encodedName = fc.integer({ min: 0, max: 8 }).map(at => encodeAt('accessKey', at));
const oddName = fc.oneof(
  encodedName,
  encodedName.map(name => name.toUpperCase().replace('%', '%25')),
  fc.constantFrom(
    'AccessKey',
    'accesskey',
    'ACCESSKEY',
    'access_key',
    'access-key',
    'accessKey[]',
    ' accessKey',
    'accessKey%20',
    'accessKey%00',
    'a.accessKey',
    '%61%63%63%65%73%73%4b%65%79',
    '+accessKey',
    '?accessKey',
    'access%u004Bey',
    'acceſsKey',
  ),
);
const value = fc.constantFrom(key, `%20${key}`, `${key}%20`, `%09${key}%0a`, `${key}`);
const other = fc.constantFrom('a=1', 'flag', 'b=%20x', 'q=a;b', 'd=%26', '', 'e==', 'accessKeys=1', 'f=%zz');

/** The key by its right name: all of it must go. */
const right = fc.array(
  value.map(spelled => `accessKey=${spelled}`),
  { minLength: 1, maxLength: 3 },
);
/** The key by another name, or behind something that splits for others but not for Envoy: no call, so nothing goes upstream. */
const wrong = fc
  .tuple(oddName, value, fc.constantFrom('', 'a=1;', 'a=1%26', 'a#'))
  .map(([name, spelled, before]) => [`${before}${name}=${spelled}`]);
const queries = fc
  .tuple(
    fc.oneof(right, wrong),
    fc.array(other, { maxLength: 4 }),
    fc.infiniteStream(fc.nat()),
    fc.constantFrom('/model', '/', '//a/..%2fb', '/%3F'),
  )
  .map(([own, others, order, path]) => {
    const parts = [...own, ...others].map(part => ({ part, at: order.next().value as number }));
    return `${path}?${parts
      .sort((one, two) => one.at - two.at)
      .map(({ part }) => part)
      .join('&')}`;
  });

for (const envoyVersion of ['1.36.4', '1.40.0']) {
  describe(`T10 B25 behind Envoy ${envoyVersion}: ${count} spellings of the query (seed ${seed})`, function () {
    this.timeout(120_000);
    const hits = new Hits();
    let at: GatewaySite;
    before(async () => {
      at = await startGatewaySite({ envoyVersion, onRequest: hits.note });
    });
    after(() => at?.close());

    it('no model gets an access key, raw or decoded, and calls spelled right pass', async () => {
      const statuses = new Map<number, number>();
      await inParallel(fc.sample(queries, { seed, numRuns: count }), 10, async spelled => {
        const target = Buffer.from(spelled.replaceAll(key, at.fraud)).toString('latin1');
        const lines = [
          `POST ${target} HTTP/1.1`,
          'host: models',
          `authorization: Bearer ${at.viewer}`,
          'content-length: 0',
        ];
        const status = await sendHead(at.gateway.port, lines);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      });
      expect(hits.all.length)
        .to.equal(statuses.get(200))
        .and.be.greaterThan(count / 4);
      expect(statuses.get(400)).to.be.greaterThan(count / 10);
      expect(hits.all.filter(({ url }) => unfolded(url).includes(at.fraud))).to.deep.equal([]);
      expect([...statuses.keys()].filter(status => ![200, 400, 404].includes(status))).to.deep.equal([]);
    });
  });
}

/** The text with everything that decodes, decoded, three times over. */
function unfolded(text: string): string {
  const decode = (from: string) =>
    from.replace(/%[0-9a-f]{2}/gi, code => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  return [text, decode(text), decode(decode(text)), decode(decode(decode(text)))].join('\n');
}
