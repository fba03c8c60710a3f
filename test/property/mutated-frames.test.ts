import type { Server } from '@grpc/grpc-js';
import { expect } from 'chai';
import fc from 'fast-check';
import { HealthImplementation } from 'grpc-health-check';
import { ServiceRegistry } from '../../src/check/grpc/services.ts';
import { OutputPool } from '../../src/check/http2/output-pool.ts';
import { addReflection } from '../../src/check/server/reflection.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { requestFor } from '../support/http2/derived-answers.ts';
import { expectAnswer } from '../support/http2/expect-answer.ts';
import { check, greeting, settings } from '../support/http2/frame-bytes.ts';
import { LeanPeer } from '../support/http2/lean-peer.ts';
import { conversation } from './frame-sequences.ts';
import { mutatedFrames, mutation } from './mutated-frames.ts';

/** Mutated frames of a case: as many conversations as one connection goes on with, each mutated on its own. */
const mutants = fc.array(fc.tuple(conversation, fc.array(mutation, { minLength: 1, maxLength: 4 })), {
  minLength: 1,
  maxLength: 3,
});
const request = requestFor(9, 100);

describe('T14 HTTP/2: mutated frames', function () {
  this.timeout(propertyTimeoutMs);

  it('end no process, throw nowhere, and leave no byte to the connection beside theirs', () => {
    const services = new ServiceRegistry();
    new HealthImplementation({ '': 'SERVING' }).addToServer(services as unknown as Server);
    addReflection(services as unknown as Server);
    const outputs = new OutputPool();
    let frames = 0;
    const property = fc.property(mutants, fc.array(fc.nat(), { maxLength: 8 }), (all, cuts) => {
      const neighbour = new LeanPeer({ outputs });
      const peer = new LeanPeer({ silent: true, lenient: true, services, outputs });
      peer.sendCut(Buffer.concat([greeting, settings()]), []);
      for (const [{ frames: valid }, mutations] of all) {
        const mutated = mutatedFrames(valid, mutations);
        frames += mutated.length;
        peer.sendCut(Buffer.concat(mutated), cuts);
        neighbour.connection.receive(Buffer.alloc(0));
      }
      peer.connection.sweep();
      peer.connection.end();
      peer.connection.drop();
      neighbour.send(check(1, request));
      expectAnswer(neighbour.view, 1, request);
      expect([peer.connection.streams.size, peer.connection.sender.unsentBytes]).to.deep.equal([0, 0]);
    });
    const cases = checkProperty(property, 1000);
    console.log(`      ${frames} frames on ${cases} connections`);
    expect(frames).to.be.at.least(20 * cases);
  });
});
