import {
  type ChannelCredentials,
  Client,
  type ClientReadableStream,
  credentials,
  type ServiceError,
} from '@grpc/grpc-js';
import { checkPath } from './frame-bytes.ts';

export interface HealthAnswer {
  readonly status: string;
}

const same = (bytes: Buffer) => bytes;

/** grpc-js as a client of bytes: no message is read or made by a library. */
export class GrpcClient {
  readonly #client: Client;

  constructor(target: string, channel: ChannelCredentials = credentials.createInsecure()) {
    this.#client = new Client(target, channel, {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.ssl_target_name_override': 'localhost',
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  /** Answers the answer's bytes, or rejects with a ServiceError. */
  call(request: Buffer, path = checkPath, deadline = Number.POSITIVE_INFINITY): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(path, same, same, request, { deadline }, (fault: ServiceError | null, answer) =>
        fault === null ? resolve(answer as Buffer) : reject(fault),
      );
    });
  }

  /** The messages of a stream of answers, as they come. */
  listen(request: Buffer, path: string, messages: Buffer[]): ClientReadableStream<Buffer> {
    const stream = this.#client.makeServerStreamRequest(path, same, same, request);
    stream.on('data', (message: Buffer) => messages.push(message)).on('error', () => undefined);
    return stream;
  }

  /** Sends messages on a stream of both, ends it, and answers what came. */
  converse(requests: readonly Buffer[], path: string): Promise<Buffer[]> {
    return new Promise((resolve, reject) => {
      const answers: Buffer[] = [];
      const stream = this.#client.makeBidiStreamRequest(path, same, same);
      stream.on('data', (message: Buffer) => answers.push(message));
      stream.once('end', () => resolve(answers)).once('error', reject);
      for (const request of requests) {
        stream.write(request);
      }
      stream.end();
    });
  }

  close(): void {
    this.#client.close();
  }
}
