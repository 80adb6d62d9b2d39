import { Readable } from "node:stream";
import type { EntryAttributes } from "../../archive/pack-entries.js";
import { boundedCall } from "../../core/deadline.js";
import type { CallOptions } from "../../core/call-options.js";
import { AbortError } from "../../errors/connection-errors.js";
import { NoSuchContainerError } from "../../errors/container-errors.js";
import { InputStreamError, InvalidOptionError } from "../../errors/usage-errors.js";
import { ignoreErrors } from "../../wire/quiet.js";
import type { IDResponse } from "../../types/image-results.js";
import type { ImageInspect } from "../../types/image.js";
import { Resources } from "./resources.js";

/** Options of {@link Client.insertImageFile}. Exactly one of `content` and `url` says what the file holds. */
export interface InsertImageFileOptions extends EntryAttributes {
  /** Name, digest or ID of the image. It stays as it is. */
  name: string;
  /** Path of the file in the new image, from the root. Directories above it are made where they are missing. */
  path: string;
  /** The content of the file. A stream that was begun with is destroyed in the end. */
  content?: string | Uint8Array | Readable | undefined;
  /** Length of a `content` stream, in bytes. A stream whose length is not known is read to its end before anything is sent. */
  size?: number | undefined;
  /** Address of the content, beginning with `http://` or `https://`. This machine downloads it, not the engine. */
  url?: string | undefined;
  /** The repository of the new image's name. May have the tag with it: `app:1.2`. By default the image gets no name. */
  repository?: string | undefined;
  /** The tag of the new image's name. By default `latest`. */
  tag?: string | undefined;
  /** What is said of the new image, to be read in its history. By default what is said of the given one. */
  comment?: string | undefined;
  /** Who made the new image. By default who made the given one. */
  author?: string | undefined;
}

const operation = "insertImageFile";

function refuse(option: string, problem: string): never {
  throw new InvalidOptionError(option, `${operation}: ${problem}`, { operation });
}

/** Mixed into {@link Client}. */
export default abstract class InsertImageFileMixin extends Resources {
  /**
   * Makes a new image of a given one and a file. A file that is there already is replaced.
   *
   * It creates a container of the image, which never runs, copies the file into it, makes an image of it and removes it,
   * whatever the end.
   *
   * @returns the ID of the new image.
   * @category Conveniences
   * @throws {@link NoSuchImageError} when there is no such image, or its name is empty.
   * @throws {@link InvalidOptionError} when there is no content, or more than one, or the path cannot be that of a file of an image.
   * @throws {@link InputStreamError} when the content cannot be read or downloaded.
   * @example
   * ```ts
   * await client.insertImageFile({ name: "app:1.2", path: "/etc/motd", content: "hello\n", repository: "app", tag: "1.2-motd" });
   * ```
   */
  async insertImageFile(options: InsertImageFileOptions, call?: CallOptions): Promise<IDResponse> {
    if (options.content instanceof Readable) options.content.on("error", ignoreErrors);
    return boundedCall(operation, call, (inner) => insert(this, options, inner));
  }
}

async function insert(client: Resources, options: InsertImageFileOptions, call: CallOptions): Promise<IDResponse> {
  check(options);
  const image = await client.inspectImage({ name: options.name }, call);
  checkVolumes(options.path, image);
  const content = options.content ?? (await download(options.url, call.signal));
  try {
    return await commitWith(client, image, { ...options, content }, call);
  } finally {
    if (content instanceof Readable) content.destroy();
  }
}

function check({ path, content, url }: InsertImageFileOptions): void {
  if (!path.startsWith("/") || /\/\.{0,2}$/.test(path)) refuse("path", `"${path}" is not the path of a file from the root`);
  if ((content === undefined) === (url === undefined)) refuse("content", 'give one of the options "content" and "url"');
}

/** Refuses a path in a volume, which is no part of the image. */
function checkVolumes(path: string, image: ImageInspect): void {
  const volume = Object.keys(image.Config?.Volumes ?? {}).find((one) => path.startsWith(`${one.replace(/\/+$/, "")}/`));
  if (volume !== undefined) refuse("path", `${path} lies in the volume ${volume}, which is no part of the image`);
}

async function download(address = "", signal: AbortSignal | undefined): Promise<Readable> {
  if (!URL.canParse(address) || !/^https?:/i.test(address)) refuse("url", 'option "url" is no address of http or https');
  const url = new URL(address);
  if (url.username || url.password) refuse("url", "the address must not hold credentials");
  // what follows the path may be secret
  const failure = `${operation}: cannot download ${url.origin}${url.pathname}`;
  let response: Response;
  try {
    response = await fetch(url, { signal: signal ?? null });
  } catch (cause) {
    if (signal?.aborted) throw new AbortError(`${operation} was aborted`, { cause: signal.reason, operation });
    throw new InputStreamError(failure, { cause, operation });
  }
  if (response.ok && response.body) return Readable.fromWeb(response.body);
  await response.body?.cancel();
  throw new InputStreamError(`${failure}: the answer has status ${response.status}`, { operation });
}

async function commitWith(
  client: Resources,
  image: ImageInspect,
  options: InsertImageFileOptions,
  call: CallOptions,
): Promise<IDResponse> {
  const { path, content, size, mode, mtime, uid, gid, repository, tag } = options;
  const { comment = image.Comment ?? "", author = image.Author ?? "" } = options;
  const { Cmd, Entrypoint, OnBuild, Shell } = image.Config ?? {};
  // a container must have a command, even one that never runs; the new image is to have none by that
  const isIdle = !Cmd?.length && !Entrypoint?.length;
  const config = { Image: image.Id, ...(isIdle ? { Entrypoint: ["-"] } : {}) };
  // engines fill in what is not given, but these two
  const run = isIdle ? { Entrypoint: [], OnBuild, Shell } : undefined;
  // not to be aborted: nobody would know what to remove
  const { Id: container } = await client.createContainer({ config }, { ...call, signal: undefined });
  try {
    await client.copyToContainer({ container, path, content, size, mode, mtime, uid, gid, makeParents: true }, call);
    return await client.commitContainer({ container, repository, tag, comment, author, run }, call);
  } finally {
    await removeQuietly(client, container);
  }
}

/** Removes the container even if the call was aborted. */
async function removeQuietly(client: Resources, id: string): Promise<void> {
  try {
    await client.removeContainer({ id, force: true, removeVolumes: true });
  } catch (error) {
    // somebody else has been first
    if (!(error instanceof NoSuchContainerError)) throw error;
  }
}
