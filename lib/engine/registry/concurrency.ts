/**
 * Runs tasks, several at a time, and waits for all of them.
 *
 * @param limit - how many run at a time.
 * @param tasks - the tasks, which start in order.
 * @throws the first failure, after the running tasks have ended; no further task is started.
 */
export async function runConcurrently(limit: number, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  let next = 0;
  let failure: { error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (let task = tasks[next++]; task && !failure; task = tasks[next++]) {
      try {
        await task();
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  if (failure) throw failure.error;
}
