import type { IncomingMessage } from 'node:http';

/** What a model was told by one request. */
export interface Hit {
  readonly model: string;
  readonly requestId: string;
  readonly mix: string;
  readonly url: string;
  /** Names in lower case with every value that came, in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** Name of the header by which a test marks its requests. */
export const mixHeader = 'x-test-mix';

/** Notes every request that reaches a model. */
export class Hits {
  readonly all: Hit[] = [];

  readonly note = (model: string, request: IncomingMessage): void => {
    const headers = new Map(Object.entries(request.headersDistinct).map(([name, values]) => [name, values ?? []]));
    const first = (name: string) => headers.get(name)?.[0] ?? '';
    const [requestId, mix] = [first('x-request-id'), first(mixHeader)];
    this.all.push({ model, requestId, mix, url: request.url ?? '', headers });
  };
}
