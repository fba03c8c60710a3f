/**
 * How secrets of ours look (B42): a prefix that says what it opens, 43 base62 characters that hold 256
 * random bits, and 6 base62 characters of CRC-32 over everything before them, so that a secret scanner
 * can tell a real one from a text that merely looks like one. The checksum decides nothing.
 */
export type SecretKind = 'api_key' | 'legacy_key' | 'sidecar_token' | 'sign_in_token' | 'session';

export const secretPrefixes: Record<SecretKind, string> = {
  api_key: 'mgk_',
  legacy_key: 'mgl_',
  sidecar_token: 'mgs_',
  sign_in_token: 'mgs_',
  session: 'mgb_',
};
/** 62^43 is just above 2^256. */
export const randomLength = 43;
/** 62^6 is above 2^32. */
export const checksumLength = 6;
