import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { jsonPieces } from './json-pieces.ts';
import { Pace } from './pace.ts';

/** Entries of a list that are held against their schema in one go. */
const entriesPerPiece = 50;

/**
 * Has answers with long lists held against their schemas, and written, in stretches: a page of a thousand entries in
 * one go would keep checks waiting (T33).
 */
export function writeLongAnswersInTurns(server: FastifyInstance): void {
  server.addHook('preSerialization', async (request, reply, answer) => {
    const schema = schemasOf(request.routeOptions.schema?.response)[reply.statusCode];
    if (schema instanceof z.ZodObject && isLong(answer)) {
      const text = await writeInTurns(schema, answer);
      reply.serializer(() => text);
    }
    return answer;
  });
}

type Members = Readonly<Record<string, unknown>>;

const schemasOf = (response: unknown) => (response ?? {}) as Readonly<Record<number, unknown>>;

function isLong(answer: unknown): answer is Members {
  return Object.values(answer ?? {}).some(isLongList);
}

function isLongList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > entriesPerPiece;
}

/** Rejects where the answer is not as its schema says. */
async function writeInTurns(schema: z.ZodObject, answer: Members): Promise<string> {
  const pace = new Pace();
  const whole: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(schema.shape)) {
    const value = answer[name];
    whole[name] =
      isLongList(value) && member instanceof z.ZodArray
        ? await encodeInTurns(member, value, pace)
        : z.encode(member, value);
  }
  let text = '';
  for await (const piece of jsonPieces(whole)) {
    text += piece;
  }
  return text;
}

async function encodeInTurns(list: z.ZodArray, entries: readonly unknown[], pace: Pace): Promise<unknown[]> {
  const encoded: unknown[] = [];
  for (let at = 0; at < entries.length; at += entriesPerPiece) {
    encoded.push(...z.encode(list, entries.slice(at, at + entriesPerPiece)));
    if (pace.isDue) {
      await pace.pause();
    }
  }
  return encoded;
}
