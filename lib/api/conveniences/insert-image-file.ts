import { Readable } from "node:stream";
import type { EntryAttributes } from "../../archive/pack-entries.js";
import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import type { CallerStreams } from "../../core/caller-streams.js";
import { boundedCall } from "../../core/deadline.js";
import { fileContent } from "../../core/fields/fields.js";
import { composite, type OptionKinds } from "../../core/signatures.js";
import { AbortError } from "../../errors/connection-errors.js";
import { InputStreamError, InvalidOptionError } from "../../errors/usage-errors.js";
import type { ImageInspect } from "../../types/image.js";
import type { IDResponse } from "../../types/image-results.js";
import { type ByteSource } from "../../wire/byte-source.js";
import { ignoreErrors } from "../../wire/quiet.js";
import { trimEnd } from "../../wire/trim-end.js";
import { Resources } from "./resources.js";
import { createPatiently, thenRemove } from "./temporary-container.js";

/** Options for {@link Client.insertImageFile}. Exactly one of `content` and `url` is required. */
export interface InsertImageFileOptions extends EntryAttributes {
  /** Name, digest or ID of the original image. It is not changed. */
  name: string;
  /** Absolute path of the file in the new image. Missing parent directories are created. */
  path: string;
  /** Content of the file. A stream is destroyed when the call ends, unless the call fails before it reads from the stream. */
  content?: ByteSource | undefined;
  /**
   * Length of a `content` stream, in bytes. If omitted, the stream is buffered in memory or in a temporary file before anything
   * is sent.
   */
  size?: number | undefined;
  /** URL of the content, starting with `http://` or `https://`. It is downloaded by the client, not by the engine. */
  url?: string | undefined;
  /** Repository of the new image, optionally with a tag: `app:1.2`. If omitted, the image is untagged. */
  repository?: string | undefined;
  /** Tag of the new image. Defaults to `latest`. */
  tag?: string | undefined;
  /** Comment on the new image, shown in its history. Defaults to the comment of the original image. */
  comment?: string | undefined;
  /** Author of the new image. Defaults to the author of the original image. */
  author?: string | undefined;
}

const operation = "insertImageFile";

const insertImageFile = composite(operation, {
  name: "required",
  path: "required",
  content: fileContent,
  size: "optional",
  url: "optional",
  repository: "optional",
  tag: "optional",
  comment: "optional",
  author: "optional",
  mode: "optional",
  mtime: "optional",
  uid: "optional",
  gid: "optional",
} satisfies OptionKinds<InsertImageFileOptions>);

function refuse(option: string, problem: string): never {
  throw new InvalidOptionError(option, `${operation}: ${problem}`, { operation });
}

/** Mixed into {@link Client}. */
export default abstract class InsertImageFileMixin extends Resources {
  /**
   * Creates a new image by adding a file to an existing image. If the image already contains the file, the file is replaced.
   *
   * The method creates a container from the image without starting it, copies the file into the container, commits the
   * container to a new image, and always removes the container.
   *
   * @returns the ID of the new image.
   * @category Conveniences
   * @throws {@link NoSuchImageError} when the image does not exist or its name is empty.
   * @throws {@link InvalidOptionError} unless exactly one of `content` and `url` is set, or when the path is invalid.
   * @throws {@link InputStreamError} when the content cannot be read or downloaded.
   * @example
   * ```ts
   * await client.insertImageFile({ name: "app:1.2", path: "/etc/motd", content: "hello\n", repository: "app", tag: "1.2-motd" });
   * ```
   */
  async insertImageFile(options: InsertImageFileOptions, call?: CallOptions): Promise<IDResponse> {
    return this.withStreams(insertImageFile, options, call, (taken, heard, streams) =>
      boundedCall(operation, heard, (inner) => insert(this, taken, inner, streams)),
    );
  }
}

async function insert(
  client: Resources,
  options: InsertImageFileOptions,
  call: CallOptions,
  streams: CallerStreams,
): Promise<IDResponse> {
  check(options);
  const image = await client.inspectImage({ name: options.name }, call);
  checkVolumes(
    options.path,
    readAnswer("inspectImage", client.endpoint, () => image.Config),
  );
  const file = options.content ?? (await download(options.url, call.signal));
  try {
    return await commitWith(client, image, { ...options, content: file }, call, streams);
  } finally {
    if (file instanceof Readable) file.destroy();
  }
}

function check({ path, content, url }: InsertImageFileOptions): void {
  if (!path.startsWith("/") || /\/\.{0,2}$/.test(path)) refuse("path", `"${path}" is not an absolute file path`);
  if ((content === undefined) === (url === undefined)) refuse("content", 'set either "content" or "url"');
}

/** Rejects a path in a volume, because volumes are not committed to the image. */
function checkVolumes(path: string, config: ImageInspect["Config"]): void {
  const volume = Object.keys(config?.Volumes ?? {}).find((one) => path.startsWith(`${trimEnd(one, "/")}/`));
  if (volume !== undefined) refuse("path", `${path} is in volume ${volume}, whose content is not part of the image`);
}

async function download(address = "", signal: AbortSignal | undefined): Promise<Readable> {
  if (!URL.canParse(address) || !/^https?:/i.test(address)) refuse("url", 'option "url" must be an http or https URL');
  const url = new URL(address);
  if (url.username || url.password) refuse("url", 'option "url" must not contain credentials');
  // the query may contain secrets, so the message omits it
  const failure = `${operation}: cannot download ${url.origin}${url.pathname}`;
  let response: Response;
  try {
    response = await fetch(url, { signal: signal ?? null });
  } catch (cause) {
    if (signal?.aborted) throw new AbortError(`${operation} was aborted`, { cause: signal.reason, operation });
    throw new InputStreamError(failure, { cause, operation });
  }
  // if the download fails before it is read, the copy reports the failure
  if (response.ok && response.body) return Readable.fromWeb(response.body).on("error", ignoreErrors);
  await response.body?.cancel();
  throw new InputStreamError(`${failure}: the server responded with status ${response.status}`, { operation });
}

async function commitWith(
  client: Resources,
  image: ImageInspect,
  options: InsertImageFileOptions,
  call: CallOptions,
  streams: CallerStreams,
): Promise<IDResponse> {
  const { path, content, size, mode, mtime, uid, gid, repository, tag } = options;
  const { comment = image.Comment ?? "", author = image.Author ?? "" } = options;
  const { Cmd, Entrypoint, OnBuild, Shell } = image.Config ?? {};
  // engines require a command even for a container that never runs; it must not become part of the new image
  const isIdle = !Cmd?.length && !Entrypoint?.length;
  const config = { Image: image.Id, ...(isIdle ? { Entrypoint: ["-"] } : {}) };
  // engines copy every omitted setting from the container, except these two
  const run = isIdle ? { Entrypoint: [], OnBuild, Shell } : undefined;
  // the container's environment variables become part of the image, so proxies must not be set
  const container = await createPatiently(client, { config, proxies: false }, call);
  return thenRemove(client, container, call, async () => {
    // from here on, failures of the content stream are reported through the copy
    streams.handOver();
    await client.copyToContainer({ container, path, content, size, mode, mtime, uid, gid, makeParents: true }, call);
    return client.commitContainer({ container, repository, tag, comment, author, run }, call);
  });
}
