import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { hexOf } from "../store/blobs.js";
import type { RegistryCall, RegistryRoute } from "./registry-call.js";
import { RegistryFault } from "./registry-fault.js";
import type { RegistryState, Upload } from "./registry-state.js";

const unknownBlob = (): RegistryFault => new RegistryFault(404, "BLOB_UNKNOWN", "blob unknown to registry");

/** Parses a range such as `bytes=5-` or `bytes=5-9`: the first position, and the one after the last. */
function parseRange(header: string | undefined, size: number): { from: number; to: number } | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined) return undefined;
  const from = Number(first);
  const to = last ? Math.min(Number(last) + 1, size) : size;
  if (from >= to) throw new RegistryFault(416, "RANGE_INVALID", "invalid content range", { "content-range": `bytes */${size}` });
  return { from, to };
}

async function readBlob({ request, response, repository, object }: RegistryCall, state: RegistryState): Promise<void> {
  if (!state.known(repository).blobs.has(object)) throw unknownBlob();
  const size = await state.blobs.size(object);
  const range = parseRange(request.headers.range, size);
  const { from, to } = range ?? { from: 0, to: size };
  response.writeHead(range ? 206 : 200, {
    "content-type": "application/octet-stream",
    "content-length": to - from,
    "docker-content-digest": object,
    "accept-ranges": "bytes",
    ...(range && { "content-range": `bytes ${from}-${to - 1}/${size}` }),
  });
  if (request.method === "HEAD") response.end();
  else await pipeline(state.blobs.read(object, from, to), response).catch(() => response.destroy()); // the client is gone
}

function deleteBlob({ response, repository, object }: RegistryCall, state: RegistryState): void {
  if (!state.known(repository).blobs.delete(object)) throw unknownBlob();
  response.writeHead(202, { "content-length": 0 }).end();
}

const locationOf = ({ repository, id }: Upload): string => `/v2/${repository}/blobs/uploads/${id}`;

/** Responds with the state of an upload. */
function sendUpload(response: ServerResponse, upload: Upload, status: number): void {
  const range = `0-${Math.max(upload.size - 1, 0)}`;
  response.writeHead(status, { location: locationOf(upload), range, "docker-upload-uuid": upload.id, "content-length": 0 }).end();
}

function sendCreated(response: ServerResponse, repository: string, digest: string): void {
  const location = `/v2/${repository}/blobs/${digest}`;
  response.writeHead(201, { location, "docker-content-digest": digest, "content-length": 0 }).end();
}

async function beginUpload(call: RegistryCall, state: RegistryState): Promise<void> {
  const { response, repository, query } = call;
  const mount = query.get("mount") ?? "";
  if (state.repository(query.get("from") ?? "")?.blobs.has(mount)) {
    state.ensured(repository).blobs.add(mount);
    sendCreated(response, repository, mount);
    return;
  }
  const upload = state.begin(repository);
  if (query.has("digest")) await finish(call, state, upload);
  else sendUpload(response, upload, 202);
}

/** Stores the body of a request as the next piece of an upload. */
async function receive({ request }: RegistryCall, state: RegistryState, upload: Upload): Promise<void> {
  const start = /^(?:bytes[ =])?(\d+)-/.exec(request.headers["content-range"] ?? "")?.[1];
  if (start !== undefined && Number(start) !== upload.size) {
    throw new RegistryFault(416, "RANGE_INVALID", "invalid content range", {
      location: locationOf(upload),
      range: `0-${upload.size - 1}`,
    });
  }
  const { digest, size } = await state.blobs.write(request);
  if (size === 0) return;
  upload.pieces.push(digest);
  upload.size += size;
}

async function continueUpload(call: RegistryCall, state: RegistryState): Promise<void> {
  const upload = state.upload(call.repository, call.object);
  await receive(call, state, upload);
  sendUpload(call.response, upload, 202);
}

async function finish(call: RegistryCall, state: RegistryState, upload: Upload): Promise<void> {
  const digest = call.query.get("digest") ?? "";
  if (hexOf(digest) === undefined)
    throw new RegistryFault(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
  await receive(call, state, upload);
  async function* joined(): AsyncGenerator<Buffer, void, undefined> {
    for (const piece of upload.pieces) yield* state.blobs.read(piece) as AsyncIterable<Buffer>;
  }
  await state.blobs.write(joined(), digest);
  const repository = state.ensured(call.repository);
  repository.blobs.add(digest);
  state.end(upload);
  for (const piece of upload.pieces) if (!state.isNeeded(piece)) await state.blobs.remove(piece);
  sendCreated(call.response, call.repository, digest);
}

async function finishUpload(call: RegistryCall, state: RegistryState): Promise<void> {
  await finish(call, state, state.upload(call.repository, call.object));
}

function uploadStatus({ response, repository, object }: RegistryCall, state: RegistryState): void {
  sendUpload(response, state.upload(repository, object), 204);
}

function cancelUpload({ response, repository, object }: RegistryCall, state: RegistryState): void {
  state.end(state.upload(repository, object));
  response.writeHead(204).end();
}

/** The routes of blobs by method and kind of object. */
export const blobRoutes: Readonly<Record<string, RegistryRoute>> = {
  "GET blobs": readBlob,
  "HEAD blobs": readBlob,
  "DELETE blobs": deleteBlob,
  "POST blobs/uploads": beginUpload,
  "PATCH blobs/uploads": continueUpload,
  "PUT blobs/uploads": finishUpload,
  "GET blobs/uploads": uploadStatus,
  "DELETE blobs/uploads": cancelUpload,
};
