/** What a caller can tell apart about a store that did not do what it was asked. */
export type StoreErrorCode =
  /** The thing named is not there. */
  | 'not_found'
  /** Another thing has that id, name or key. */
  | 'conflict'
  /** Other things belong to it: they need another owner first. */
  | 'has_dependents'
  /** Another process has the data directory. */
  | 'in_use'
  /** The data directory or a file in it can't be written. */
  | 'unwritable'
  /** A newer Modelgate wrote this database. */
  | 'newer_version'
  /** The file is no database of ours, or is damaged. */
  | 'damaged'
  /** The disk is full. */
  | 'full'
  /** The disk failed to write, read or make durable. */
  | 'io_error'
  /** The database's files were moved, replaced or removed under a running process. */
  | 'displaced'
  /** Nothing of the above, such as a store that is closed. */
  | 'unavailable';

/** Codes that tell of what was asked for, where the store itself is well. */
const refusals = ['not_found', 'conflict', 'has_dependents'] as const;

/** Codes that tell of the store's own state. */
export type StoreFaultCode = Exclude<StoreErrorCode, (typeof refusals)[number]>;

export function isStoreFault(code: StoreErrorCode): code is StoreFaultCode {
  return !refusals.some(refusal => refusal === code);
}

/** A store's refusal. The message is for people and holds no key; the cause is for the log. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}
