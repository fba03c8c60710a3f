/**
 * Who made what Modelgate does by itself, in the audit and for sign-in links: in a form that no name can have (B49), so that
 * nobody's entries read like its own.
 */
export const ownAuthor = 'modelgate:system';

/** Who gave a site admin a new legacy key: somebody who holds the data directory, and is known by nothing else. */
export const recoveryAuthor = 'modelgate:recover';

/** Who restored a backup: somebody who holds the data directory. */
export const restoreAuthor = 'modelgate:restore';

/** Who made what whoever holds an API key did by it: nobody knows who that was. */
export function holderAuthor(keyId: string): string {
  return `api_key:${keyId}`;
}

/** Whether an author is one of these, and so no user. */
export function isOwnAuthor(author: string): boolean {
  return /^(modelgate|api_key):/i.test(author);
}

/** Whether a name would read like an author of ours, as people read it; older entries have `system` for what Modelgate did. */
export function isReservedName(name: string): boolean {
  return isOwnAuthor(name) || name.toLowerCase() === 'system';
}
