import type { Knex } from 'knex';
import type { Change } from '../../../changes/change-set.ts';
import type { Author } from '../../store.ts';
import { inStatements } from '../statements/in-statements.ts';
import { insertRows } from '../statements/insert-rows.ts';
import { idOfChange, writeRowChecks } from './row-checks.ts';

interface AuditEntry {
  readonly action: string;
  readonly target: string;
  readonly projectId: string | null;
  readonly details: object;
}

/** Collects what one transaction changes and writes it at its end, under the next revision. */
export class Recorder {
  readonly #author: Author;
  readonly #changes: Change[] = [];
  readonly #entries: AuditEntry[] = [];

  constructor(author: Author) {
    this.#author = author;
  }

  change(change: Change): void {
    this.#changes.push(change);
  }

  audit(action: string, target: string, details: object = {}, projectId?: string): void {
    this.#entries.push({ action, target, details, projectId: projectId ?? null });
  }

  /**
   * Takes the next revision from the counter row, at the transaction's end: the row stays locked until
   * the commit, so revisions have no gaps and become visible in their own order. A transaction that did nothing takes none.
   */
  async commit(tx: Knex.Transaction, now: number): Promise<number> {
    if (this.#changes.length === 0 && this.#entries.length === 0) {
      return Number((await tx('store_state').first('revision')).revision);
    }
    const [counter] = await tx('store_state')
      .update({ revision: tx.raw('revision + 1'), time_seen: now })
      .returning('revision');
    const revision = Number(counter.revision);
    await this.#forgetDeleted(tx);
    await writeRowChecks(tx, this.#changes);
    await insertRows(tx, 'changes', this.#changes, (change, seq) => ({
      revision,
      seq,
      kind: change.kind,
      row_id: idOfChange(change),
      change: JSON.stringify(change),
    }));
    await insertRows(tx, 'audit_events', this.#entries, ({ action, target, projectId, details }) => ({
      revision,
      at: now,
      actor: this.#author.actor,
      address: this.#author.address,
      action,
      target,
      project_id: projectId,
      details: JSON.stringify(details),
    }));
    await tx('revisions').insert({ revision, committed_at: now });
    return revision;
  }

  /**
   * Takes the earlier changes of what is deleted out of the feed: an API key's hold its digest. Whoever has yet to
   * follow meets the deletion only, and stands where all others do.
   */
  async #forgetDeleted(tx: Knex.Transaction): Promise<void> {
    const deletions = this.#changes.filter(change => change.op === 'delete');
    for (const kind of new Set(deletions.map(deletion => deletion.kind))) {
      const ids = deletions.filter(deletion => deletion.kind === kind).map(({ id }) => id);
      for (const some of inStatements(ids)) {
        await tx('changes').where({ kind }).whereIn('row_id', some).whereLike('change', '{"op":"put"%').delete();
      }
    }
  }
}
