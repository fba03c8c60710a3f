/** How often what checks leave behind is written: lists show uses of keys accurate to a minute (B32). */
export const writeTalliesMs = 20_000;

/** What is collected on the path of checks, and written to the store apart from it. */
export interface Tally<T> {
  /** Answers what was collected, and how much of it found no room, and forgets both. */
  take(): { readonly entries: readonly T[]; readonly missed: number };
  /** Takes back what could not be written. */
  putBack(entries: readonly T[]): void;
}

export interface TallyWriterOptions<T> {
  readonly tally: Tally<T>;
  /** What is collected, for the log. */
  readonly what: string;
  /** May reject; what it was given is then kept for the next time. */
  readonly write: (entries: readonly T[]) => Promise<void>;
  readonly log: {
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/**
 * Writes what was collected, one time after another: whoever calls it waits for what was noted before, also
 * by a flush that is under way. Never rejects.
 */
export function tallyWriter<T>({ tally, what, write, log }: TallyWriterOptions<T>): () => Promise<void> {
  const flush = async () => {
    const { entries, missed } = tally.take();
    if (missed > 0) {
      log.warn({ what, missed }, 'some of what was counted found no room: too many different ones in too short a time');
    }
    if (entries.length > 0) {
      await write(entries).catch(cause => {
        tally.putBack(entries);
        log.error({ err: cause, what }, 'what was counted could not be written');
      });
    }
  };
  let last = Promise.resolve();
  return () => {
    last = last.then(flush);
    return last;
  };
}
