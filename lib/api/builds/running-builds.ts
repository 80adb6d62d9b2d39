const builds = new WeakMap<object, Map<string, () => void>>();

/**
 * Returns the functions that cancel the builds of a client over sessions of its own, by the ID that the caller has chosen.
 *
 * @param client - the client.
 */
export function runningBuilds(client: object): Map<string, () => void> {
  let running = builds.get(client);
  if (!running) {
    running = new Map<string, () => void>();
    builds.set(client, running);
  }
  return running;
}
