import { type DestinationStream, type Logger, pino } from 'pino';

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

/** A log of JSON lines on standard error, so that standard output stays free for answers. Messages are constant; data goes in fields. */
export function createLog(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: redacted.flatMap(name => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
      serializers: { err: errorFields },
    },
    destination,
  );
}

/** An error by its class, message and place; not its other fields, which a driver may fill with values of a statement. */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) {
    return { type: typeof error };
  }
  const { name, message, stack, cause } = error;
  const at = stack
    ?.split('\n')
    .slice(1, 6)
    .map(line => line.trim());
  return { type: name, message, at, ...(cause === undefined ? {} : { cause: errorFields(cause) }) };
}
