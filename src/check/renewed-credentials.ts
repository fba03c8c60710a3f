import { ServerCredentials } from '@grpc/grpc-js';
import type { Certificates } from '../tls/certificates.ts';

/** Time for a handshake, in milliseconds: two round trips and a signature. */
const handshakeTimeoutMs = 5000;

/** TLS for grpc-js that takes newer certificates without a new listener. A client CA makes a client certificate a must. */
export class RenewedCredentials extends ServerCredentials {
  constructor(certificates: Certificates) {
    const { context } = certificates;
    const asksClients = context.ca !== undefined;
    super({ requestCert: asksClients, rejectUnauthorized: asksClients, handshakeTimeout: handshakeTimeoutMs }, context);
    certificates.onRenewed(renewed => this.updateSecureContextOptions(renewed));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}
