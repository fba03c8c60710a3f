export interface Told {
  readonly text: string;
  /** The store's revision that holds what was changed. */
  readonly revision?: number | undefined;
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
}

/** What happened last; it stays until it is closed or something else happens. */
export function Notice({ told, close }: { told: Told | undefined; close: () => void }) {
  return (
    <div class="notice" role="status" hidden={told === undefined}>
      {told && (
        <>
          <span>
            {told.text}
            {told.revision !== undefined && <span class="soft"> Revision {told.revision}.</span>}
          </span>
          <button type="button" onClick={close}>
            Close
          </button>
        </>
      )}
    </div>
  );
}
