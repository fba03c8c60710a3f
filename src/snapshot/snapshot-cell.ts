import type { Snapshot } from './snapshot.ts';

/** The published snapshot, and when it was last known to be the newest. */
export interface Published {
  readonly snapshot: Snapshot;
  /** When the source was last seen to hold nothing newer, in ticks: milliseconds of a clock that nobody sets. */
  readonly confirmedAt: number;
}

/** The one thing that checks and changes share: sync writes it, a check reads it once. Empty until the first publish. */
export class SnapshotCell {
  #published: Published | undefined;

  read(): Published | undefined {
    return this.#published;
  }

  publish(snapshot: Snapshot, confirmedAt: number): void {
    this.#published = { snapshot, confirmedAt };
  }

  /** The published snapshot is still the newest. Without a snapshot there is nothing to confirm. */
  confirm(at: number): void {
    if (this.#published) {
      this.#published = { snapshot: this.#published.snapshot, confirmedAt: at };
    }
  }
}
