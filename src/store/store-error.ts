/** What a caller can tell apart about a store that did not do what it was asked. */
export type StoreErrorCode =
  /** The thing named is not there. */
  | 'not_found'
  /** Another thing has that id, name or key. */
  | 'conflict'
  /** Another process has the data directory. */
  | 'in_use'
  /** The data directory or a file in it can't be written. */
  | 'unwritable'
  /** A newer Modelgate wrote this database. */
  | 'newer_version'
  /** The file is no database of ours, or is damaged. */
  | 'damaged'
  /** Nothing of the above: disk full, I/O error, closed. */
  | 'unavailable';

/** A store's refusal. The message is for people and holds no key; the cause is for the log. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}
