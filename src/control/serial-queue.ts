// Runs asynchronous work one at a time, in the order it came. Knows nothing of what runs.

/** Returns a function that starts each task when all earlier ones have ended, however they ended. */
export function createSerialQueue(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task, task);
    last = result.catch(() => undefined);
    return result;
  };
}
