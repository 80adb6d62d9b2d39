import { posix } from "node:path";
import { Readable } from "node:stream";
import { publicUrls } from "../../wire/secrets.js";
import { EngineError } from "../engine-error.js";
import { LayeredTree } from "../files/layered-tree.js";
import { MountedFiles } from "../files/mounted-files.js";
import { openRemote } from "../remote-content.js";
import { counted, type ReportProgress, transferMessage } from "../store/progress.js";

/** A file that `ADD` downloaded. */
export interface DownloadedFile {
  /** The tree that holds it alone. */
  readonly files: MountedFiles;
  /** Its absolute path there. */
  readonly path: string;
}

/** Whether a source of `ADD` is downloaded. */
export const isUrl = (source: string): boolean => /^https?:\/\//.test(source);

/** The name that stands for a file whose URL has none, which only matters when the destination names it. */
const UNNAMED = "download";

/**
 * Downloads a source of `ADD`. Archives stay packed.
 *
 * @param url - the address.
 * @param needsName - whether the file is named after the URL.
 * @throws {@link EngineError} when the host does not deliver it, or its URL has no name.
 */
export async function downloadSource(
  url: string,
  needsName: boolean,
  { report, signal }: { readonly report: ReportProgress; readonly signal: AbortSignal },
): Promise<DownloadedFile> {
  const response = await openRemote(url, signal);
  const name = decodeURIComponent(new URL(url).pathname.endsWith("/") ? "" : posix.basename(new URL(url).pathname));
  const total = Number(response.headers["content-length"] ?? 0);
  const content = counted(response as AsyncIterable<Buffer>, (current) => {
    const { status, progressDetail, progress } = transferMessage("Downloading", "", current, total);
    report({ status, progressDetail, progress });
  });
  const files = MountedFiles.of(new LayeredTree());
  const path = `/${name === "" || name.includes("/") ? UNNAMED : name}`;
  await files.writeFile(path, Readable.from(content, { objectMode: false }), { mode: 0o600 });
  report({ stream: "\n" });
  if (needsName && name === "") throw new EngineError(500, `cannot determine filename for source ${publicUrls(url)}`);
  const modified = Date.parse(response.headers["last-modified"] ?? "");
  await files.change(path, { mtime: Number.isNaN(modified) ? 0n : BigInt(modified) * 1_000_000n });
  return { files, path };
}
