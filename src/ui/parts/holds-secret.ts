/** The beginning of every secret of ours with more letters behind it than a name would have, or an access key. */
const secret = /mg[a-z]_[0-9A-Za-z]{16}|(?<![0-9A-Za-z_])m[0-9a-z]{31}(?![0-9A-Za-z])/;

/** Whether a text is a key, or holds one: it must not get into an address, which histories keep. */
export function holdsSecret(text: string): boolean {
  return secret.test(text);
}

/** What is said where one is typed to be looked for. */
export const secretSearched =
  'This is a key itself, and not looked for, since addresses are kept in histories. Look for its Key ID; a leaked key is ended by "modelgate keys revoke".';
