import { parentPort } from 'node:worker_threads';
import { ApiError } from '../../api-error.ts';
import { siteParts } from '../../schemas/site.ts';
import { parseSite } from './parse-site.ts';
import { parseJson, type SiteAnswer, type SiteQuestion } from './read-site.ts';
import { sitePieces } from './site-pieces.ts';

/** The thread in which a large site document is read: it answers each question with the next piece. */
async function* answers(chunks: readonly Uint8Array[]): AsyncGenerator<SiteAnswer> {
  try {
    const document = await parseSite(parseJson(chunks));
    for (const piece of sitePieces(siteParts, document)) {
      yield { piece };
    }
    yield { end: true };
  } catch (fault) {
    if (!(fault instanceof ApiError)) {
      throw fault;
    }
    yield { refused: { message: fault.message, details: fault.details } };
  }
}

const chunks: Uint8Array[] = [];
const coming = answers(chunks);
parentPort?.on('message', async (question: SiteQuestion) => {
  if (question === 'next') {
    parentPort?.postMessage((await coming.next()).value);
  } else {
    chunks.push(question);
  }
});
