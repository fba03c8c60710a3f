import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { expect } from 'chai';
import { protoPath } from 'grpc-health-check';
import { checkTransports } from '../support/check-service.ts';
import { answerFor, requestFor } from '../support/http2/derived-answers.ts';
import { type DerivedService, startDerivedService } from '../support/http2/derived-service.ts';
import { GrpcClient } from '../support/http2/grpc-client.ts';
import { until } from '../support/until.ts';

interface Method {
  readonly requestSerialize: (value: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}
/** One method of a service as its proto has it. */
const methodOf = (proto: string, service: string, name: string) =>
  (loadSync(proto, { enums: String })[service] as unknown as Record<string, Method>)[name] as Method;
const healthCheck = methodOf(protoPath, 'grpc.health.v1.Health', 'Check');
const health = '/grpc.health.v1.Health';
const asking = (service: string) => healthCheck.requestSerialize({ service });
const told = (bytes: Buffer) => (healthCheck.responseDeserialize(bytes) as { status: string }).status;
const codeOf = (fault: ServiceError) => fault.code;

for (const transport of checkTransports) {
  describe(`health and reflection over ${transport}`, () => {
    let service: DerivedService;
    let client: GrpcClient;
    beforeEach(async () => {
      service = await startDerivedService(transport);
      client = new GrpcClient(`127.0.0.1:${service.port}`);
    });
    afterEach(async () => {
      client.close();
      await service.close(1000);
    });

    it('health is told, and of an unknown service that it is not found', async () => {
      expect(told(await client.call(asking(''), `${health}/Check`))).to.equal('SERVING');
      service.health.setStatus('', 'NOT_SERVING');
      expect(told(await client.call(asking(''), `${health}/Check`))).to.equal('NOT_SERVING');
      expect(await client.call(asking('x'), `${health}/Check`).catch(codeOf)).to.equal(5);
      expect(await client.call(asking('ü'.repeat(1000)), `${health}/Check`).catch(codeOf)).to.equal(5);
    });

    it('whoever watches health is told at once, and of each change, until it leaves', async () => {
      const [one, other]: [Buffer[], Buffer[]] = [[], []];
      const watching = client.listen(asking(''), `${health}/Watch`, one);
      client.listen(asking('later'), `${health}/Watch`, other);
      await until('both are told', () => one.length === 1 && other.length === 1);
      service.health.setStatus('', 'NOT_SERVING');
      service.health.setStatus('later', 'SERVING');
      service.health.setStatus('', 'SERVING');
      await until('both are told of changes', () => one.length === 3 && other.length === 2);
      expect(one.map(told)).to.deep.equal(['SERVING', 'NOT_SERVING', 'SERVING']);
      expect(other.map(told)).to.deep.equal(['SERVICE_UNKNOWN', 'SERVING']);
      watching.cancel();
      // A check goes and comes on the same connection behind the reset.
      expect((await client.call(requestFor(1, 9))).equals(answerFor(requestFor(1, 9)))).to.equal(true);
      service.health.setStatus('', 'NOT_SERVING');
      expect((await client.call(requestFor(2, 9))).equals(answerFor(requestFor(2, 9)))).to.equal(true);
      expect(one).to.have.length(3);
    });

    for (const version of ['v1', 'v1alpha']) {
      it(`reflection ${version} lists services and gives their files, several on one stream`, async () => {
        const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
        const root = dirname(createRequire(import.meta.url).resolve('@grpc/reflection'));
        const proto = join(root, `../proto/grpc/reflection/${version}/reflection.proto`);
        const service = `grpc.reflection.${version}.ServerReflection`;
        const { requestSerialize, responseDeserialize } = methodOf(proto, service, 'ServerReflectionInfo');
        const asks = [
          { listServices: '' },
          { fileContainingSymbol: 'envoy.service.auth.v3.Authorization' },
          { fileContainingSymbol: 'no.such.Thing' },
        ];
        const answers = (await client.converse(asks.map(requestSerialize), path)).map(responseDeserialize) as {
          listServicesResponse?: { service: { name: string }[] };
          fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
          errorResponse?: { errorCode: number };
        }[];
        const names = answers[0]?.listServicesResponse?.service.map(({ name }) => name);
        expect(names).to.include.members(['envoy.service.auth.v3.Authorization', 'grpc.health.v1.Health']);
        expect(answers[1]?.fileDescriptorResponse?.fileDescriptorProto.length).to.be.above(1);
        expect(answers[2]?.errorResponse?.errorCode).to.equal(5);
      });
    }
  });
}

it('T19 a drain of the lean transport ends the watches of health, and is not held up by them', async () => {
  const service = await startDerivedService('lean');
  const client = new GrpcClient(`127.0.0.1:${service.port}`);
  const seen: Buffer[] = [];
  const watching = client.listen(asking(''), `${health}/Watch`, seen);
  const ended = new Promise(resolve => watching.once('end', resolve).once('error', resolve));
  await until('it is told', () => seen.length === 1);
  const begun = performance.now();
  await service.close(15_000);
  expect(performance.now() - begun).to.be.below(14_900);
  await ended;
  client.close();
});
