/** Runs a task again and again until the answer is called, which runs it once more. */
export function every(ms: number, task: () => Promise<void>): () => Promise<void> {
  const timer = setInterval(task, ms);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await task();
  };
}
