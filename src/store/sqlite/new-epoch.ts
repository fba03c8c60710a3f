import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { ownAuthor } from '../own-author.ts';
import { Recorder } from '../sql/feed/recorder.ts';

/** Why a store goes on as another history. */
export interface NewEpoch {
  readonly now: () => number;
  /** As the audit names it. */
  readonly action: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Begins another history from here on (T44): nobody may take its revisions for those of the one before. */
export async function takeNewEpoch(db: Knex, { now, action, details }: NewEpoch): Promise<void> {
  await db.transaction(async tx => {
    const { time_seen } = await tx('store_state').first('time_seen');
    await tx('store_state').update({ epoch: randomUUID(), is_copy: false });
    // A session that ended, or a link that was redeemed, after the copy was made must not come back to life.
    await tx('sessions').delete();
    await tx('sign_in_links').delete();
    const recorder = new Recorder({ actor: ownAuthor, address: '' });
    recorder.audit(action, 'site', details);
    await recorder.commit(tx, Math.max(now(), Number(time_seen)));
  });
}
