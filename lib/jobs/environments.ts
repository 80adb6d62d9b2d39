import { AbortError } from "../index.js";
import { errorMessage } from "../wire/realm.js";
import { fail, FAILURES, InvalidJobError } from "./errors.js";
import type { JobStore } from "./store.js";
import {
  type EnvironmentDescription,
  type EnvironmentVariable,
  merge,
  parseVariables,
  SOURCE_LIMIT,
} from "./values/environment.js";

/** How long the source of an environment may take, in milliseconds. */
const SOURCE_TIMEOUT = 30_000;

/** How many redirects are followed. */
const REDIRECTS = 5;

/** Decides whether a source may be read. */
export type MayFetch = (url: URL) => boolean;

/**
 * Stores an environment in place of what was there.
 *
 * @throws {@link JobError} if its source cannot be read.
 */
export async function storeEnvironment(
  store: JobStore,
  environment: EnvironmentDescription,
  mayFetch: MayFetch,
  signal: AbortSignal,
): Promise<void> {
  const { id, variables = [], source } = environment;
  const replacing = source ? await fetchVariables(new URL(source), mayFetch, signal) : variables;
  await put(store, id, merge([], replacing));
}

/** Adds variables to an environment, which need not exist. */
export async function patchEnvironment(store: JobStore, { id, variables = [] }: EnvironmentDescription): Promise<void> {
  await put(store, id, merge(store.environments.get(id ?? "") ?? [], variables));
}

async function put(store: JobStore, id: string | undefined, variables: readonly EnvironmentVariable[]): Promise<void> {
  if (id === undefined) throw new InvalidJobError("the environment needs an identifier");
  try {
    await store.environments.put(id, variables);
  } catch (error) {
    throw fail(FAILURES.environmentUpdateFailed, error);
  }
}

/** Reads the variables at a URL. */
async function fetchVariables(source: URL, mayFetch: MayFetch, signal: AbortSignal): Promise<EnvironmentVariable[]> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(SOURCE_TIMEOUT)]);
  let url = source;
  try {
    for (let redirects = 0; ; redirects++) {
      if (!mayFetch(url)) throw new TypeError(`the host ${url.hostname} may not be asked`);
      const response = await fetch(url, { signal: either, redirect: "manual" });
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && location !== null && redirects < REDIRECTS) {
        await response.body?.cancel();
        url = new URL(location, url);
        continue;
      }
      if (!response.ok) throw new TypeError(`the source answered ${response.status}`);
      return parseVariables(await readText(response));
    }
  } catch (error) {
    if (signal.aborted) throw new AbortError("the job was aborted", { cause: error });
    // the URL may have credentials
    const where = `${source.origin}${source.pathname}`;
    throw new InvalidJobError(`the environment cannot be read from ${where}: ${errorMessage(error)}`, { cause: error });
  }
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > SOURCE_LIMIT) throw new TypeError("the source is longer than 100 KiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
