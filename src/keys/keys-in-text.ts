import { checksumLength, randomLength, secretPrefixes } from './secret-form.ts';

/** Whatever looks like a secret of ours, with or without a right checksum. */
const secretForm = `(?:${Object.values(secretPrefixes).join('|')})[0-9A-Za-z]{${randomLength + checksumLength}}`;
/** An access key as they are made here. */
const accessKeyForm = '(?<![0-9A-Za-z_])m[0-9a-z]{31}(?![0-9A-Za-z])';
const aSecret = new RegExp(secretForm);
const aKey = new RegExp(`${secretForm}|${accessKeyForm}`);
const everyKey = new RegExp(aKey, 'g');

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
  return text.replace(everyKey, '[key]');
}
