import { Worker } from 'node:worker_threads';
import { decodeText } from '../../../input/decode-text.ts';
import { readJson } from '../../../input/read-json.ts';
import { ApiError, type FieldFault } from '../../api-error.ts';
import { takeBody } from '../../requests/take-body.ts';
import type { SiteDocument } from '../../schemas/site.ts';
import { Pace } from '../../turns/pace.ts';
import { parseSite } from './parse-site.ts';
import type { SitePiece } from './site-pieces.ts';

/** Bytes that are read here, in some milliseconds. More would keep checks waiting (T33), and go to a thread of their own. */
const bytesReadHere = 128 * 1024;

/** What the thread says: one piece of the document each time it is asked, or what is wrong with all of it. */
export type SiteAnswer =
  | { readonly piece: SitePiece }
  | { readonly end: true }
  | { readonly refused: { readonly message: string; readonly details: readonly FieldFault[] } };

/**
 * The site document that the chunks of a request's body are; fastify has null for none. Rejects with an ApiError that
 * names each field at fault.
 */
export async function readSite(chunks: readonly Uint8Array[] | null | undefined): Promise<SiteDocument> {
  const bytes = chunks?.reduce((sum, { length }) => sum + length, 0) ?? 0;
  if (!chunks || bytes <= bytesReadHere) {
    return parseSite(chunks && bytes > 0 ? parseJson(chunks) : undefined);
  }
  return readInThread(chunks);
}

/** Throws an ApiError where the text is no UTF-8, no JSON, or gives one name twice. */
export function parseJson(chunks: readonly Uint8Array[]): unknown {
  return takeBody(() => readJson(decodeText(Buffer.concat(chunks))));
}

/** What the thread is told: each chunk, and then to go on, once for each answer. */
export type SiteQuestion = Uint8Array | 'next';

async function readInThread(chunks: readonly Uint8Array[]): Promise<SiteDocument> {
  const worker = new Worker(new URL('./read-site-thread.js', import.meta.url));
  try {
    for await (const chunk of new Pace().over(chunks)) {
      const bytes = new Uint8Array(chunk);
      worker.postMessage(bytes satisfies SiteQuestion, [bytes.buffer]);
    }
    const document: Record<string, unknown> = {};
    for (;;) {
      const answer = await nextOf(worker);
      if ('refused' in answer) {
        throw new ApiError('invalid_argument', answer.refused.message, answer.refused.details);
      }
      if ('end' in answer) {
        return document as SiteDocument;
      }
      put(document, answer.piece);
    }
  } finally {
    await worker.terminate();
  }
}

/** One piece at a time, so that everything else has its turn between two. */
function nextOf(worker: Worker): Promise<SiteAnswer> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the thread that reads a site document ended'));
    worker.once('error', reject);
    worker.once('exit', ended);
    worker.once('message', (answer: SiteAnswer) => {
      worker.off('error', reject);
      worker.off('exit', ended);
      resolve(answer);
    });
    worker.postMessage('next' satisfies SiteQuestion);
  });
}

function put(document: Record<string, unknown>, { path, fields, entries }: SitePiece): void {
  let place: unknown = document;
  for (const part of path) {
    place = (place as Record<PropertyKey, unknown>)[part];
  }
  if (entries) {
    (place as unknown[]).push(...entries);
  } else {
    Object.assign(place as object, fields);
  }
}
