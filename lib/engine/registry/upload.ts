import { EngineError } from "../engine-error.js";
import type { BlobStore, StoredBlob } from "../store/blobs.js";
import { RegistryError } from "./errors.js";
import type { RegistryClient } from "./registry-client.js";

/** The size of the pieces in which a blob is sent, in bytes. */
const CHUNK = 16 * 1024 * 1024;

/** How often a piece is tried. */
const ATTEMPTS = 4;

/** Options for {@link uploadBlob}. */
export interface UploadOptions {
  /** Another repository of the registry, which has the blob. */
  readonly from?: string | undefined;
  /** Receives the number of bytes that were sent. */
  readonly report?: (current: number) => void;
  /** The size of the pieces in which the blob is sent, in bytes. By default 16 MiB. */
  readonly chunk?: number;
}

/**
 * Uploads a blob in pieces. A piece whose connection breaks is sent again from where the registry has it.
 *
 * @param client - the repository.
 * @param blobs - the store that has the blob.
 * @param blob - the blob.
 * @param options - where it may be mounted from.
 * @returns whether the registry took it from the other repository.
 * @throws {@link EngineError} when the registry refuses it.
 */
export async function uploadBlob(
  client: RegistryClient,
  blobs: BlobStore,
  { digest, size }: StoredBlob,
  options: UploadOptions = {},
): Promise<boolean> {
  const { chunk = CHUNK, from, report = () => undefined } = options;
  const mount = from === undefined ? "" : `?${new URLSearchParams({ mount: digest, from }).toString()}`;
  const headers = { "content-length": "0" };
  const begun = await client.request(`/blobs/uploads/${mount}`, { method: "POST", headers }, [201, 202]);
  begun.resume();
  if (begun.statusCode === 201) return true;
  let location = client.resolve(begun.headers.location);
  let position = 0;
  let attempts = 0;
  while (position < size) {
    const end = Math.min(position + chunk, size);
    const start = position;
    try {
      const response = await client.request(
        location,
        {
          method: "PATCH",
          headers: {
            "content-type": "application/octet-stream",
            "content-length": String(end - start),
            "content-range": `${start}-${end - 1}`,
          },
          body: () => blobs.read(digest, start, end),
        },
        [202],
      );
      response.resume();
      location = client.resolve(response.headers.location);
      position = end;
      attempts = 0;
      report(position);
    } catch (error) {
      attempts += 1;
      if (error instanceof RegistryError || attempts >= ATTEMPTS) throw error;
      ({ location, position } = await resume(client, location));
    }
  }
  const target = new URL(location);
  target.searchParams.set("digest", digest);
  (await client.request(target.href, { method: "PUT", headers }, [201, 204])).resume();
  return false;
}

/** Asks the registry how much of an upload it has. */
async function resume(client: RegistryClient, location: string): Promise<{ location: string; position: number }> {
  const response = await client.request(location, {}, [200, 204]);
  response.resume();
  const last = /^(?:bytes=)?0-(\d+)$/.exec(response.headers.range ?? "")?.[1];
  if (last === undefined) throw new EngineError(500, "the registry does not report the state of the upload");
  // an empty upload has the range 0-0
  const position = last === "0" ? 0 : Number(last) + 1;
  return { location: response.headers.location === undefined ? location : client.resolve(response.headers.location), position };
}
