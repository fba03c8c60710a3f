import { Worker } from 'node:worker_threads';
import { ApiError, type FieldFault } from '../../api-error.ts';
import type { SiteDocument } from '../../schemas/site.ts';
import { parseSite } from './parse-site.ts';
import type { SitePiece } from './site-pieces.ts';

/** Bytes that are read here, in some milliseconds. More would keep checks waiting (T33), and go to a thread of their own. */
const bytesReadHere = 128 * 1024;

/** What the thread says: one piece of the document each time it is asked, or what is wrong with all of it. */
export type SiteAnswer =
  | { readonly piece: SitePiece }
  | { readonly end: true }
  | { readonly refused: { readonly message: string; readonly details: readonly FieldFault[] } };

/** The site document that a request's body is; fastify has null for none. Rejects with an ApiError that names each field at fault. */
export async function readSite(body: Buffer | null | undefined): Promise<SiteDocument> {
  if (!body || body.length <= bytesReadHere) {
    return parseSite(body && body.length > 0 ? parseJson(body) : undefined);
  }
  return readInThread(body);
}

/** Throws an ApiError where the text is no JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ApiError('invalid_argument', 'the body is no valid JSON');
  }
}

async function readInThread(body: Buffer): Promise<SiteDocument> {
  const bytes = new Uint8Array(body);
  const worker = new Worker(new URL('./read-site-thread.js', import.meta.url), {
    workerData: bytes,
    transferList: [bytes.buffer],
  });
  try {
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
    worker.postMessage('next');
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
