import { apiKeyHeaders, type CredentialSource } from './credentials.ts';
import { trimWhitespace } from './trim-whitespace.ts';

/** How an API key was sent that no key can be sent like; it tells of the request alone, whatever keys there are (B15). */
export type ApiKeyForm =
  | 'repeated'
  | 'unprintable'
  | 'no_bearer'
  | 'no_key'
  | 'bearer_twice'
  | 'bearer_in_bare'
  | 'quoted'
  | 'brackets'
  | 'blank';

const scheme = /^bearer[ \t]+/i;
/** How an access key was sent that none can be sent like. */
export type AccessKeyForm = 'plus' | 'quoted' | 'brackets' | 'unprintable';

/** In the order in which they are asked, as the following ones. */
const slipsOfAny: readonly (readonly [form: ApiKeyForm & AccessKeyForm, found: RegExp])[] = [
  ['unprintable', /[^\x20-\x7e\t]/],
  ['quoted', /^["'`“].*["'`”]$/],
  ['brackets', /^[<{[(].*[>}\])]$/],
];
/** Each of a text without its scheme. */
const slips: readonly (readonly [form: ApiKeyForm, found: RegExp])[] = [
  ['repeated', /,/],
  ...slipsOfAny,
  ['blank', /[ \t]/],
];

/**
 * What is wrong with how the one header that holds an API key is written; undefined where nothing is, and where several are sent.
 * Asked for refused calls only.
 */
export function apiKeyForm(source: Pick<CredentialSource, 'header'>): ApiKeyForm | undefined {
  const sent = apiKeyHeaders.filter(name => trimWhitespace(source.header(name) ?? '') !== '');
  const [name] = sent;
  if (name === undefined || sent.length > 1) {
    return undefined;
  }
  const value = trimWhitespace(source.header(name) ?? '');
  const key = value.replace(scheme, '');
  const hasScheme = key !== value;
  const slip = slips.find(([, found]) => found.test(key))?.[0];
  if (slip === 'repeated' || slip === 'unprintable') {
    return slip;
  }
  if (name !== 'authorization') {
    return hasScheme ? 'bearer_in_bare' : slip;
  }
  if (!hasScheme) {
    return /^bearer$/i.test(value) ? 'no_key' : 'no_bearer';
  }
  return scheme.test(key) || /^bearer$/i.test(key) ? 'bearer_twice' : slip;
}

/** The same of an access key that no model has: a `+` in a query is a plus and no blank (B3). */
export function accessKeyForm(accessKey: string): AccessKeyForm | undefined {
  const slip = slipsOfAny.find(([, found]) => found.test(accessKey))?.[0];
  return slip ?? (accessKey.includes('+') ? 'plus' : undefined);
}
