import { StoreError } from '../store-error.ts';
import { databasePath, openStore, requireStore } from './open-store.ts';
import type { Loss } from './require-no-loss.ts';

/**
 * Lets a store that has lost acknowledged changes be served as it is, as another history, and answers what it has
 * lost. Rejects with `not_found` where there is no store or it has lost nothing, and as `openStore` does.
 */
export async function acceptLoss(dataDirectory: string, now: () => number): Promise<Loss> {
  const file = databasePath(dataDirectory);
  await requireStore(dataDirectory);
  const losses: Loss[] = [];
  const store = await openStore({
    dataDirectory,
    now,
    observe: () => undefined,
    acceptLoss: loss => losses.push(loss),
  });
  await store.close();
  const [loss] = losses;
  if (!loss) {
    throw new StoreError('not_found', `${file} holds all that was acknowledged: there is no loss to accept`);
  }
  return loss;
}
