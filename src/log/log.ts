import { type DestinationStream, type Logger, pino } from 'pino';
import { withoutSecrets } from '../keys/keys-in-text.ts';
import { textLines } from './text-lines.ts';

/**
 * Fields that never reach the log, whoever puts them there. Keys and digests have no business in a log
 * call at all; this list is the net under that rule.
 */
const redacted = [
  'authorization',
  'cookie',
  'api_key',
  'apiKey',
  'access_key',
  'accessKey',
  'legacy_key',
  'legacyKey',
  'secret',
  'digest',
  'token',
  'body',
  'query',
];

export type Log = Logger;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * A log of lines on standard error, so that standard output stays free for answers: in JSON, or as text for people. Messages are constant;
 * data goes in fields.
 */
export function createLog(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
  format: 'json' | 'text' = 'json',
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: redacted.flatMap(name => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
      serializers: { err: errorFields, fault: faultFields },
      // A key may stand in any value that somebody gave, as in the name of a file: the line is looked through as it goes out.
      hooks: { streamWrite: withoutSecrets },
    },
    format === 'json' ? destination : textLines(destination),
  );
}

/** An error that was foreseen, by its class, message and place; not its other fields, which a driver may fill with values of a statement. */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) {
    return { type: typeof error };
  }
  const { name, message, cause } = error;
  return { type: name, message, at: placesOf(error), ...(cause === undefined ? {} : { cause: errorFields(cause) }) };
}

/**
 * A fault that nobody foresaw, as the field `fault`: by its class, code and place alone. Who made it did not know that its message
 * would be read here: `JSON.parse` quotes what it was given, and that may be a key.
 */
function faultFields(fault: unknown): object {
  if (!(fault instanceof Error)) {
    return { type: typeof fault };
  }
  const { code } = fault as NodeJS.ErrnoException;
  return {
    type: fault.constructor.name,
    ...(typeof code === 'string' && codeForm.test(code) ? { code } : {}),
    at: placesOf(fault),
    ...(fault.cause === undefined ? {} : { cause: faultFields(fault.cause) }),
  };
}

/** As Node.js, SQLite and gRPC write theirs; no key looks so. */
const codeForm = /^[A-Z][A-Z0-9_]{0,63}$/;
const placeForm = /^at .*(?:\(|^at (?:async )?)(?:file:\/\/\/|node:|\/)[^\s()]*:\d+:\d+\)?$/;
const placesMax = 5;

/** Where it was thrown. The message stands before that, in as many lines as it has. */
function placesOf({ stack = '', message }: Error): string[] {
  const lines = stack.replace(message, '').split('\n');
  return lines
    .map(line => line.trim())
    .filter(line => placeForm.test(line))
    .slice(0, placesMax);
}
