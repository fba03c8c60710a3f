/** Runs the task over all items, so many at a time; rejects with the first fault. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  task: (item: T, at: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      await task(items[at] as T, at);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
}
