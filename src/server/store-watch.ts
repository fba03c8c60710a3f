import type { StoreOperation } from '../store/sql/sql-store.ts';
import { isStoreFault, type StoreErrorCode, type StoreFaultCode } from '../store/store-error.ts';

export interface StoreMetrics {
  readonly storeOperationDuration: { observe(labels: { operation: string }, seconds: number): void };
  readonly storeOperationErrors: { inc(labels: { operation: string; code: string }): void };
}

export interface StoreLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const details: Record<StoreFaultCode, string> = {
  full: 'the disk is full; free some space',
  io_error: 'the disk fails; look at it',
  unwritable: 'its files are not writable for this user',
  displaced: 'its files were moved, replaced or removed; put them back, or restart',
  damaged: 'the disk fails, or the database is damaged; look at the disk first',
  in_use: 'another process uses it',
  newer_version: 'a newer version wrote it',
  unavailable: 'the store does not answer',
};

/** Operations that write, and so tell of a store that can't be written. */
const writing: readonly StoreOperation[] = ['write', 'key_uses', 'shadow_denials', 'keep_time', 'purge'];

/** Codes that tell of a read that failed, and not only of what was asked. */
const readFaults: readonly StoreFaultCode[] = ['io_error', 'damaged'];

/**
 * Whether the store can be written, and read. A refused write says no; whoever tries on purpose says yes again, since a
 * change that changes nothing succeeds on a full disk too. Each turn is logged once.
 */
export class StoreWatch {
  readonly #metrics: StoreMetrics;
  readonly #log: StoreLog;
  #fault: StoreFaultCode | undefined;
  /** Codes that were logged since it was last well: a failing disk changes between some of them. */
  readonly #told = new Set<StoreFaultCode>();
  #readFault: StoreFaultCode | undefined;
  #readFailedLately = false;
  #writtenSincePurge = false;

  constructor(metrics: StoreMetrics, log: StoreLog) {
    this.#metrics = metrics;
    this.#log = log;
  }

  readonly observe = (operation: StoreOperation, seconds: number, refusal?: StoreErrorCode): void => {
    this.#metrics.storeOperationDuration.observe({ operation }, seconds);
    if (refusal === undefined) {
      this.#writtenSincePurge = operation === 'purge' ? false : this.#writtenSincePurge || writing.includes(operation);
    } else if (isStoreFault(refusal)) {
      this.#metrics.storeOperationErrors.inc({ operation, code: refusal });
      if (writing.includes(operation)) {
        this.#turn(refusal);
      } else if (readFaults.includes(refusal)) {
        this.#turnRead(refusal);
      }
    }
  };

  /** Why changes, or answers of the admin API, are refused; undefined: they are not. */
  get trouble(): string | undefined {
    if (this.#fault) {
      return `can't be written: ${details[this.#fault]}`;
    }
    return this.#readFault && `can't be read: ${details[this.#readFault]}`;
  }

  /** Whether the engine's log may hold something. */
  get writtenSincePurge(): boolean {
    return this.#writtenSincePurge;
  }

  /** Everything that writes was tried, and works. */
  heal(): void {
    if (this.#fault !== undefined) {
      this.#fault = undefined;
      this.#told.clear();
      this.#log.info({}, 'store can be written again');
    }
    // What SQLite has in memory is read on a failing disk too: one success is no proof.
    if (this.#readFault !== undefined && !this.#readFailedLately) {
      this.#readFault = undefined;
      this.#log.info({}, 'store can be read again');
    }
    this.#readFailedLately = false;
  }

  #turnRead(fault: StoreFaultCode): void {
    if (this.#readFault === undefined) {
      this.#log.error({ code: fault }, 'store cannot be read: answers of the admin API are refused, checks go on');
    }
    this.#readFault = fault;
    this.#readFailedLately = true;
  }

  #turn(fault: StoreFaultCode): void {
    if (!this.#told.has(fault)) {
      this.#told.add(fault);
      this.#log.error({ code: fault }, 'store cannot be written: changes are refused, checks go on');
    }
    this.#fault = fault;
  }
}
