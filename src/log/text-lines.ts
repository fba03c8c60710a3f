import type { DestinationStream } from 'pino';

const levels: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** Writes each line of the JSON log for people: time, level, message, and the fields as `name=value`, with values that are no plain word in JSON. */
export function textLines(destination: DestinationStream): DestinationStream {
  return { write: line => destination.write(`${toText(JSON.parse(line))}\n`) };
}

function toText({ time, level, msg, ...fields }: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(fields).map(([name, value]) => `${name}=${asWord(value)}`);
  return [String(time), (levels[Number(level)] ?? String(level)).padEnd(5), String(msg), ...told].join(' ');
}

function asWord(value: unknown): string {
  return typeof value === 'string' && /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value);
}
