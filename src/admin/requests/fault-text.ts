import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** What a value must be, by zod's word for it. */
const types: Readonly<Record<string, string>> = {
  string: 'must be a string',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
};

const formats: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  url: 'must be a URL',
  datetime: 'must be an instant in RFC 3339, such as 2026-01-31T12:00:00Z',
};

/** What is counted of a value that is too long or too short; of a number, nothing: it is its own size. */
const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

/** A fault that a schema finds, in words for whoever sent the request. A schema's own words come before these. */
export function faultText(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue);
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return sizeText('at least', issue.origin, issue.minimum);
    case 'too_big':
      return sizeText('at most', issue.origin, issue.maximum);
    case 'invalid_format':
      return formats[issue.format] ?? 'is not written as it must be';
    case 'unrecognized_keys':
      return 'there is no such field';
    case 'invalid_union':
      // The first alternative is the one that people mean; the others are null and empty.
      return issue.errors[0]?.[0]?.message ?? 'is not allowed';
    default:
      return 'is not allowed';
  }
}

function wrongType({ expected, input, path }: Issue & { code: 'invalid_type' }): string {
  if ((path ?? []).length === 0 && (input === undefined || input === null)) {
    return 'send a JSON object as the body';
  }
  if (expected === 'string' && ['number', 'boolean', 'bigint'].includes(typeof input)) {
    return 'must be a string: write it in quotes';
  }
  return input === undefined ? 'is required' : (types[expected] ?? `must be of type ${expected}`);
}

function sizeText(bound: 'at least' | 'at most', origin: string, size: number | bigint): string {
  const unit = units[origin];
  return unit ? `must have ${bound} ${size} ${unit[Number(size) === 1 ? 0 : 1]}` : `must be ${bound} ${size}`;
}
