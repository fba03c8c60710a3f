import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { until } from '../support/until.ts';

interface Opened {
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the call has reached its model. */
  readonly reached: () => boolean;
}

/** How long a call that is held is looked at; one that is not takes a few milliseconds. */
const LOOK_MS = 1_000;

/** Sends a call whose body stays open until it was there or was not: `at once`, or `when it ends`, and the status. */
export async function openCall({ port, headers, reached }: Opened): Promise<string> {
  const call = request({ port, host: '127.0.0.1', path: '/model', method: 'POST', agent: false, headers });
  const status = new Promise<number>((resolve, reject) => {
    call.once('error', reject);
    call.once('response', response => text(response).then(() => resolve(response.statusCode ?? 0), reject));
  });
  call.write('the first of it');
  const atOnce = await until('the call is there', reached, LOOK_MS).catch(() => false);
  call.end();
  return `${await status} ${atOnce ? 'at once' : 'when it ends'}`;
}
