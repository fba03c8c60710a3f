import { checksumLength, randomLength, secretPrefixes } from './secret-form.ts';

/** Whatever looks like a secret of ours, with or without a right checksum. */
const secretForm = `(?:${Object.values(secretPrefixes).join('|')})[0-9A-Za-z]{${randomLength + checksumLength}}`;
/** An access key as they are made here. */
const accessKeyForm = '(?<![0-9A-Za-z_])m[0-9a-z]{31}(?![0-9A-Za-z])';
/**
 * What is not repeated: so much of a secret, too, that the rest could be guessed from. Nothing is asked of what stands before the prefix:
 * `_`, and the last sign of an escape such as `%20`, are word characters, so that `\b` would miss a key behind them.
 */
const partForm = `(?:${Object.values(secretPrefixes).join('|')})[0-9A-Za-z]{20,}`;
const aSecret = new RegExp(secretForm);
const aKey = new RegExp(`${secretForm}|${accessKeyForm}`);
const everySecret = new RegExp(partForm, 'g');
const everyKey = new RegExp(`${partForm}|${accessKeyForm}`, 'g');
const replacement = '[key]';

/** Whether anything in a text looks like a secret of ours: an API key or a legacy key, say. */
export function holdsSecret(text: string): boolean {
  return aSecret.test(text);
}

/** The same of secrets and access keys. */
export function holdsKey(text: string): boolean {
  return aKey.test(text);
}

/** A text for people in which nothing looks like a key any more: one may stand where a name was asked for. */
export function withoutKeys(text: string): string {
  return text.replace(everyKey, replacement);
}

/** The same where access keys may be shown, as in a list of models. */
export function withoutSecrets(text: string): string {
  return text.replace(everySecret, replacement);
}
