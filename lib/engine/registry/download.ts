import { errorMessage } from "../../wire/realm.js";
import { EngineError } from "../engine-error.js";
import type { Descriptor } from "../store/manifest.js";
import { RegistryError } from "./errors.js";
import type { RegistryClient } from "./registry-client.js";

/** How often a download is tried without any progress. */
const ATTEMPTS = 5;

/** Opens a blob from a position on. Registries that do not support ranges send it from its start. */
async function* openFrom(
  client: RegistryClient,
  { digest }: Descriptor,
  position: number,
): AsyncGenerator<Buffer, void, undefined> {
  const headers: Record<string, string> = position > 0 ? { range: `bytes=${position}-` } : {};
  const response = await client.request(`/blobs/${digest}`, { headers }, [200, 206]);
  let skip = response.statusCode === 206 ? 0 : position;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const rest = chunk.subarray(skip);
      skip -= chunk.length - rest.length;
      if (rest.length > 0) yield rest;
    }
  } finally {
    response.destroy();
  }
}

/**
 * Downloads a blob. A connection that breaks is opened again where it broke.
 *
 * @param client - the repository.
 * @param blob - the blob.
 * @param signal - cancels the download.
 * @throws {@link EngineError} when the registry refuses it, or sends more or fewer bytes.
 */
export async function* download(
  client: RegistryClient,
  blob: Descriptor,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  let position = 0;
  for (let attempts = 1; ; attempts += 1) {
    try {
      for await (const chunk of openFrom(client, blob, position)) {
        position += chunk.length;
        attempts = 1;
        if (position > blob.size) break;
        yield chunk;
      }
      if (position === blob.size) return;
      if (position > blob.size) break;
      throw new Error("unexpected EOF");
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RegistryError) throw error;
      if (attempts >= ATTEMPTS) throw new EngineError(500, errorMessage(error), { cause: error });
    }
  }
  throw new EngineError(500, `the registry sent more than ${blob.size} bytes for ${blob.digest}`);
}
