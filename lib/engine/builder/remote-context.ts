import { Readable } from "node:stream";
import { publicUrls } from "../../wire/secrets.js";
import { EngineError } from "../engine-error.js";
import { LayeredTree } from "../files/layered-tree.js";
import { MountedFiles } from "../files/mounted-files.js";
import { openRemote } from "../remote-content.js";
import { counted, type ReportProgress, transferMessage } from "../store/progress.js";
import { unpackContext } from "./context.js";
import { checkOut, isGitUrl } from "./git-checkout.js";

/** A context of a build, and the path of the Dockerfile in it. */
export interface BuildContext {
  /** Its files. */
  readonly files: MountedFiles;
  /** Path of the Dockerfile. */
  readonly dockerfile: string;
}

/** Options for {@link fetchContext}. */
export interface FetchOptions {
  /** Receives the progress. */
  readonly report: ReportProgress;
  /** Ends the transfer. */
  readonly signal: AbortSignal;
  /** The most bytes that the context may have when it is decompressed. */
  readonly unpackedLimit: number;
}

/** The kinds of content that are archives. Others than these and plain text are refused. */
const archiveTypes = /^application\/(?:(?:x-)?tar|(?:x-)?(?:gzip|bzip2?|xz|zstd|gtar))$/;

/** Whether content is a text, by its first bytes. */
const isText = (head: Buffer): boolean => head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b);

/**
 * Fetches the context of a build: a repository of git, or from a URL an archive or a Dockerfile.
 *
 * @param remote - the address.
 * @param dockerfile - path of the Dockerfile in an archive or a repository.
 * @param options - what becomes of it.
 * @throws {@link EngineError} when the address is invalid, or the content cannot be fetched.
 */
export async function fetchContext(
  remote: string,
  dockerfile: string,
  { report, signal, unpackedLimit }: FetchOptions,
): Promise<BuildContext> {
  if (isGitUrl(remote)) return { files: await unpackContext(checkOut(remote, signal), unpackedLimit), dockerfile };
  if (!/^https?:\/\//.test(remote))
    throw new EngineError(500, `remoteURL (${publicUrls(remote)}) could not be recognized as URL`);
  const shown = publicUrls(remote);
  const response = await openRemote(remote, signal).catch((error: unknown) => {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(error.status, `error downloading remote context ${shown}: ${error.message}`, { cause: error });
  });
  const total = Number(response.headers["content-length"] ?? 0);
  const content = counted(response as AsyncIterable<Buffer>, (current) =>
    report(transferMessage(shown, "Downloading context", current, total)),
  );
  const type = (response.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (archiveTypes.test(type)) return { files: await unpackContext(content, unpackedLimit), dockerfile };
  if (type !== "" && type !== "text/plain" && type !== "application/octet-stream") {
    response.destroy();
    throw new EngineError(
      500,
      `error detecting content type for remote ${shown}: unsupported Content-Type ${JSON.stringify(type)}`,
    );
  }
  return fromUntyped(content, type, { dockerfile, unpackedLimit });
}

/** Reads a text as the Dockerfile, and everything else as an archive. */
async function fromUntyped(
  content: AsyncGenerator<Buffer>,
  type: string,
  { dockerfile, unpackedLimit }: { readonly dockerfile: string; readonly unpackedLimit: number },
): Promise<BuildContext> {
  const first = await content.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  async function* whole(): AsyncGenerator<Buffer, void, undefined> {
    yield head;
    yield* content;
  }
  if (type !== "text/plain" && !isText(head.subarray(0, 512)))
    return { files: await unpackContext(whole(), unpackedLimit), dockerfile };
  const files = MountedFiles.of(new LayeredTree());
  await files.writeFile("/Dockerfile", Readable.from(whole(), { objectMode: false }));
  return { files, dockerfile: "Dockerfile" };
}
