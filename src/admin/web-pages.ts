import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/** A file of the web pages, in memory. */
export interface PageFile {
  /** Of the request, such as `/` or `/assets/…`. */
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
}

/** The build lists what there is (`src/ui/vite.config.ts`); nothing else is ever read, whatever is asked for (T29). */
const builtPages = new URL('../../ui/', import.meta.url);

interface ListedFile {
  readonly path: string;
  readonly file: string;
  readonly type: string;
}

/** The web pages as they were built. Throws where they were not. */
export function readPageFiles(): PageFile[] {
  return readList().map(({ path, file, type }) => {
    const bytes = readFileSync(new URL(file, builtPages));
    return { path, type, bytes, gzipped: gzipSync(bytes, { level: 9 }) };
  });
}

function readList(): ListedFile[] {
  try {
    return JSON.parse(readFileSync(new URL('files.json', builtPages), 'utf8'));
  } catch (cause) {
    throw new Error('the web pages are not built here: npm run build does it, and npm packs them', { cause });
  }
}

/** No inline script or style, nothing from elsewhere, in nobody's frame (T31). */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const pageHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  vary: 'accept-encoding',
};

/** A name that holds a hash stands for one content for good; the page itself names the newest. */
const cacheFor = (path: string) => (path === '/' ? 'no-cache' : 'public, max-age=31536000, immutable');

/** One route for each file: what is not in the list has none. They ask for no credential and hold nothing of the site. */
export function webPageRoutes(server: FastifyInstance, files: readonly PageFile[]): void {
  for (const { path, type, bytes, gzipped } of files) {
    server.get(path, async (request, reply) => {
      const isGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      reply.headers({ ...pageHeaders, 'content-type': type, 'cache-control': cacheFor(path) });
      return isGzip ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(bytes);
    });
  }
}
