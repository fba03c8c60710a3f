import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { ownAuthor } from '../own-author.ts';
import { Recorder } from '../sql/feed/recorder.ts';
import { writesOf } from '../sql/writes-of.ts';
import type { Writes } from '../store.ts';

/** Who makes a store another history, and what else is done in the same transaction. */
export interface Adoption {
  /** As the audit names it. */
  readonly actor: string;
  /** What it answers joins the details of the audit entry. */
  readonly change: (writes: Writes) => Promise<Readonly<Record<string, unknown>>>;
}

/** Why a store goes on as another history. */
export interface NewEpoch {
  readonly now: () => number;
  /** As the audit names it. */
  readonly action: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Absent: Modelgate does it by itself, and nothing else. */
  readonly adoption?: Adoption | undefined;
}

/** Begins another history from here on (T44): nobody may take its revisions for those of the one before. */
export async function takeNewEpoch(db: Knex, { now, action, details, adoption }: NewEpoch): Promise<void> {
  await db.transaction(async tx => {
    const { time_seen } = await tx('store_state').first('time_seen');
    await tx('store_state').update({ epoch: randomUUID(), is_copy: false });
    // A session that ended, or a link that was redeemed, after the copy was made must not come back to life.
    await tx('sessions').delete();
    await tx('sign_in_links').delete();
    const at = Math.max(now(), Number(time_seen));
    const recorder = new Recorder({ actor: adoption?.actor ?? ownAuthor, address: '' });
    const more = await adoption?.change(writesOf(tx, recorder, () => at));
    recorder.audit(action, 'site', { ...details, ...more });
    await recorder.commit(tx, at);
  });
}
