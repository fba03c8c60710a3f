/**
 * Who made what Modelgate does by itself, in the audit and for sign-in links: in a form that no name can have (B49), as
 * `api_key:KEY_ID` is for whoever holds a key, so that nobody's entries read like its own.
 */
export const ownAuthor = 'modelgate:system';

/** Who gave a site admin a new legacy key: somebody who holds the data directory, and is known by nothing else. */
export const recoveryAuthor = 'modelgate:recover';
