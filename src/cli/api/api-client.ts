import { setTimeout as wait } from 'node:timers/promises';
import type { z } from 'zod';
import type { errorBody } from '../../admin/schemas/fields.ts';
import { Refusal, RefusedByServer } from '../cli-error.ts';
import { withProgress } from '../output/progress.ts';
import type { OutputStream } from '../surroundings.ts';
import { type Answer, type ChosenServer, type Download, download, exchange, type Question } from './exchange.ts';

export interface ApiClientOptions extends ChosenServer {
  readonly bearer: string;
  /** The setting that names the key's file, and the file, for people. */
  readonly keyOrigin: string;
  readonly stderr: OutputStream;
  /** Told of each write's revision. */
  readonly onRevision: (revision: string) => void;
}

export type Query = Readonly<Record<string, string | undefined>>;

/** The most that the API gives at once. */
const entriesPerPage = 1000;

/** A request that is told to wait is sent again so often: by then whatever keeps it waiting is no crowd that passes. */
const triesMax = 30;
/** Longest wait before a try that a command goes along with, in seconds. */
const waitSecondsMax = 10;

/** The admin API as the commands use it. Every method rejects with a Refusal: the server's, or that there is no answer. */
export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.#ask('GET', path, query)).body as T;
  }

  /** The entries of a list, page after page, up to a limit. `fields` is where a page holds its entries, in their order. */
  async list<T>(
    path: string,
    fields: string | readonly string[],
    query: Query = {},
    limit = Number.POSITIVE_INFINITY,
  ): Promise<T[]> {
    const entries: T[] = [];
    const read = async () => {
      for (let token: string | undefined; token !== '' && entries.length < limit; ) {
        const page_size = String(Math.min(entriesPerPage, limit - entries.length));
        const asked = { ...query, page_size, page_token: token };
        const page = (await this.#send('GET', path, asked)).body as { next_page_token: string } & Record<string, T[]>;
        entries.push(...[fields].flat().flatMap(field => page[field] ?? []));
        token = page.next_page_token;
      }
    };
    await withProgress(this.#options.stderr, () => `GET ${path}: ${entries.length} read`, read());
    return entries;
  }

  async write<T>(
    method: Exclude<Question['method'], 'GET'>,
    path: string,
    body?: object,
    query: Query = {},
  ): Promise<T> {
    const answer = await this.#ask(method, path, query, body);
    if (answer.revision !== undefined) {
      this.#options.onRevision(answer.revision);
    }
    return answer.body as T;
  }

  /** Bytes that a POST without a body answers, as they come. */
  async download(path: string, type: string): Promise<NonNullable<Download['bytes']>> {
    const { bytes } = await this.#trying({ method: 'POST', path }, question => download(question, type));
    if (!bytes) {
      throw new Refusal(`${this.#options.server} answered no ${type}: see --server (MODELGATE_SERVER)`);
    }
    return bytes;
  }

  #ask(method: Question['method'], path: string, query: Query, body?: object): Promise<Answer> {
    return withProgress(this.#options.stderr, () => `${method} ${path}`, this.#send(method, path, query, body));
  }

  async #send(method: Question['method'], path: string, query: Query, body?: object): Promise<Answer> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
    return this.#trying({ method, path: path + search, body }, exchange);
  }

  async #trying<A extends Answer>(
    asked: Pick<Question, 'method' | 'path' | 'body'>,
    exchangeOf: (question: Question) => Promise<A>,
  ): Promise<A> {
    const { server, ca, bearer, keyOrigin } = this.#options;
    const question = { server, ca, bearer, ...asked, path: `/api/v2${asked.path}` };
    let answer = await exchangeOf(question);
    // Nothing was done of what is refused so, so it may be sent again.
    for (let tries = 1; answer.status === 429 && tries < triesMax; tries += 1) {
      await wait(1000 * Math.min(answer.retryAfter ?? 1, waitSecondsMax));
      answer = await exchangeOf(question);
    }
    if (answer.status === 401) {
      throw new Refusal(
        `${server} refuses the legacy key of ${keyOrigin}: put a valid one (mgl_…) there, or name another file with --key-file (MODELGATE_KEY_FILE)`,
        ['a key is refused that was rotated, is an API key, or belongs to a user who is deactivated or deleted'],
      );
    }
    return accepted(server, answer);
  }
}

/** The answer, where it is one of success; throws the server's refusal otherwise. */
export function accepted<A extends Answer = Answer>(server: string, answer: A): A {
  if (answer.status === 204 || (answer.status < 300 && answer.body !== undefined)) {
    return answer;
  }
  const refused = answer.body as Partial<z.infer<typeof errorBody>> | undefined;
  if (answer.status >= 400 && typeof refused?.message === 'string') {
    throw new RefusedByServer(refused.message, refused.details ?? []);
  }
  throw new Refusal(
    `${server} answered ${answer.status}, but not as Modelgate's admin API does: see --server (MODELGATE_SERVER)`,
  );
}
