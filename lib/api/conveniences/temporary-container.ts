import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { uninterrupted } from "../../core/caller-streams.js";
import { ConflictError } from "../../errors/api-error.js";
import { NoSuchContainerError } from "../../errors/container-errors.js";
import { forget, listen } from "../../transport/exchange.js";
import { WaitCondition } from "../../types/container-results.js";
import { atLeast } from "../../wire/api-version.js";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import { ignoreErrors } from "../../wire/quiet.js";
import type { CreateContainerOptions } from "../containers/create.js";
import type { Resources } from "./resources.js";

/** First API version in which the engine confirms that it is waiting. */
export const EARLY_WAIT_HEADERS_VERSION = "1.30";

/** How long the engine may take to finish creating the container after an abort, in milliseconds. */
const GRACE_PERIOD = 2000;

/** Timeout for removing the container, in milliseconds. */
const REMOVAL_TIME = 60_000;

/**
 * Creates a container. After an abort, the function still waits briefly for the container's ID, which is needed to remove it.
 */
export async function createPatiently(client: Resources, wanted: CreateContainerOptions, call: CallOptions): Promise<string> {
  const { signal } = call;
  // a failing stream must not end the request, because the ID of the container would be lost and the container never removed
  const create = async (inner: AbortSignal | undefined) => {
    const created = await client.createContainer(wanted, { ...uninterrupted(call), signal: inner });
    return readAnswer("createContainer", client.endpoint, () => created.Id);
  };
  if (!signal || signal.aborted) return create(signal);
  const out = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => out.abort(signal.reason), GRACE_PERIOD);
  };
  listen(signal, onAbort);
  try {
    return await create(out.signal);
  } finally {
    forget(signal, onAbort);
    clearTimeout(timer);
  }
}

/**
 * Runs a function that uses a container, and then removes the container, even if the call was aborted.
 *
 * @param use - the function. If it fails, its error is thrown even if the removal fails as well.
 */
export async function thenRemove<T>(client: Resources, id: string, call: CallOptions, use: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await use();
  } catch (error) {
    await removeQuietly(client, id, call).catch(ignoreErrors);
    throw error;
  }
  await removeQuietly(client, id, call);
  return result;
}

async function removeQuietly(client: Resources, id: string, caller: CallOptions): Promise<void> {
  const call = { ...uninterrupted(caller), timeouts: undefined, timeout: REMOVAL_TIME };
  try {
    await client.removeContainer({ id, force: true, removeVolumes: true }, call);
  } catch (error) {
    // auto-removal or another client may have removed it already
    if (error instanceof NoSuchContainerError) return;
    if (!(error instanceof ConflictError)) throw error;
    await waitForRemoval(client, id, call);
  }
}

/** Waits until a container that is being removed no longer exists. */
async function waitForRemoval(client: Resources, id: string, call: CallOptions): Promise<void> {
  if (!atLeast(await client.negotiate(call), EARLY_WAIT_HEADERS_VERSION)) return;
  try {
    await client.waitContainer({ id, condition: WaitCondition.Removed }, call);
  } catch (error) {
    if (!(error instanceof NoSuchContainerError)) throw error;
  }
}
