import { EventEmitter } from 'node:events';
import type { MethodDefinition, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';

/** A method that is called seldom, with its handler as gRPC's own libraries for Node.js write them. */
export interface ServiceMethod {
  readonly definition: MethodDefinition<unknown, unknown>;
  readonly handler: (call: unknown, callback?: unknown) => void;
}

/** What a handler says, encoded, for the transport to carry. */
export interface Reply {
  /** One message; with `isLast` the answer ends with it. */
  message(bytes: Buffer, isLast: boolean): void;
  end(): void;
  fail(code: number, details: string): void;
}

/**
 * Stands where such libraries expect a server of grpc-js, so that health and reflection are answered by their authors' own
 * code over any transport. Knows of calls what those two use: a message in, messages out, `cancelled`.
 */
export class ServiceRegistry {
  readonly #methods = new Map<string, ServiceMethod>();

  addService(service: ServiceDefinition, implementation: UntypedServiceImplementation): void {
    for (const [name, definition] of Object.entries(service)) {
      const handler = implementation[name] ?? implementation[definition.originalName ?? ''];
      if (handler !== undefined) {
        this.#methods.set(definition.path, {
          definition: definition as MethodDefinition<unknown, unknown>,
          handler: handler as ServiceMethod['handler'],
        });
      }
    }
  }

  find(path: string): ServiceMethod | undefined {
    return this.#methods.get(path);
  }
}

/** One call of such a method. */
export class ServiceCall extends EventEmitter {
  /** The request, where there is just one. */
  request: unknown = undefined;
  readonly #method: ServiceMethod;
  readonly #reply: Reply;
  #isOver = false;

  constructor(method: ServiceMethod, reply: Reply) {
    super();
    this.#method = method;
    this.#reply = reply;
    if (method.definition.requestStream) {
      method.handler(this);
    }
  }

  /** Whether messages are handled as they come. */
  get isStream(): boolean {
    return this.#method.definition.requestStream;
  }

  /** A message came. Answers false where it can't be read. */
  take(bytes: Buffer): boolean {
    const { definition, handler } = this.#method;
    try {
      const message = definition.requestDeserialize(bytes);
      if (definition.requestStream) {
        this.emit('data', message);
        return true;
      }
      this.request = message;
    } catch {
      return false;
    }
    if (definition.responseStream) {
      handler(this);
    } else {
      handler(this, (error: { code: number; details: string } | null, value: unknown) =>
        error === null ? this.#answer(value) : this.#fail(error.code, error.details),
      );
    }
    return true;
  }

  /** No message comes any more. */
  requestsEnded(): void {
    this.emit('end');
  }

  write(message: unknown): void {
    if (!this.#isOver) {
      this.#reply.message(this.#method.definition.responseSerialize(message), false);
    }
  }

  end(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#reply.end();
    }
  }

  /** Nobody listens any more. */
  cancel(): void {
    this.#isOver = true;
    this.emit('cancelled');
  }

  // A handler may be late: by then the stream's object may stand for another call.
  #answer(value: unknown): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#reply.message(this.#method.definition.responseSerialize(value), true);
    }
  }

  #fail(code: number, details: string): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#reply.fail(code, details);
    }
  }
}
