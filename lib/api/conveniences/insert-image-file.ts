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
  /** Name, digest or ID of the image, which is not changed. */
  name: string;
  /** Absolute path of the file in the new image. Missing parent directories are created. */
  path: string;
  /** Content of the file. A stream is destroyed at the end once reading has started. */
  content?: ByteSource | undefined;
  /** Length of a `content` stream, in bytes. A stream of unknown length is read to its end before anything is sent. */
  size?: number | undefined;
  /** URL of the content, `http://` or `https://`. The client downloads it, not the engine. */
  url?: string | undefined;
  /** Repository of the new image, optionally with the tag: `app:1.2`. If omitted, the image is untagged. */
  repository?: string | undefined;
  /** Tag of the new image. Defaults to `latest`. */
  tag?: string | undefined;
  /** Comment on the new image, shown in its history. Defaults to the original image's. */
  comment?: string | undefined;
  /** Author of the new image. Defaults to the original image's. */
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
   * Creates a new image from an image and a file. An existing file is replaced.
   *
   * It creates a container from the image, which never runs, copies the file into it, commits it to an image, and always
   * removes it.
   *
   * @returns the ID of the new image.
   * @category Conveniences
   * @throws {@link NoSuchImageError} when the image does not exist or its name is empty.
   * @throws {@link InvalidOptionError} unless there is exactly one of `content` and `url`, or when the path is invalid.
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

/** Rejects a path in a volume, because volume contents are not part of the image. */
function checkVolumes(path: string, config: ImageInspect["Config"]): void {
  const volume = Object.keys(config?.Volumes ?? {}).find((one) => path.startsWith(`${trimEnd(one, "/")}/`));
  if (volume !== undefined) refuse("path", `${path} is in volume ${volume}, whose content is not part of the image`);
}

async function download(address = "", signal: AbortSignal | undefined): Promise<Readable> {
  if (!URL.canParse(address) || !/^https?:/i.test(address)) refuse("url", 'option "url" must be an http or https URL');
  const url = new URL(address);
  if (url.username || url.password) refuse("url", 'option "url" must not contain credentials');
  // the query may hold secrets
  const failure = `${operation}: cannot download ${url.origin}${url.pathname}`;
  let response: Response;
  try {
    response = await fetch(url, { signal: signal ?? null });
  } catch (cause) {
    if (signal?.aborted) throw new AbortError(`${operation} was aborted`, { cause: signal.reason, operation });
    throw new InputStreamError(failure, { cause, operation });
  }
  // a download that breaks before the copy reads it is reported by the copy
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
  // engines require a command even for a container that never runs; it must not end up in the new image
  const isIdle = !Cmd?.length && !Entrypoint?.length;
  const config = { Image: image.Id, ...(isIdle ? { Entrypoint: ["-"] } : {}) };
  // engines fill in every omitted setting except these two
  const run = isIdle ? { Entrypoint: [], OnBuild, Shell } : undefined;
  // the variables of the container become those of the image
  const container = await createPatiently(client, { config, proxies: false }, call);
  return thenRemove(client, container, call, async () => {
    // from here on, the copy reports failures of the content
    streams.handOver();
    await client.copyToContainer({ container, path, content, size, mode, mtime, uid, gid, makeParents: true }, call);
    return client.commitContainer({ container, repository, tag, comment, author, run }, call);
  });
}
