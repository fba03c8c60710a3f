import { checksumLength, randomLength, secretPrefixes } from './secret-form.ts';

const prefixes = Object.values(secretPrefixes).join('|');
/** Secrets of ours, and access keys as they are made here: whatever looks like one, with or without a right checksum. */
const keyForms = new RegExp(
  `(?:${prefixes})[0-9A-Za-z]{${randomLength + checksumLength}}|(?<![0-9A-Za-z_])m[0-9a-z]{31}(?![0-9A-Za-z])`,
  'g',
);

/** A text for people in which nothing looks like a key any more: one may stand where a name was asked for. */
export function withoutKeys(text: string): string {
  return text.replace(keyForms, '[key]');
}
