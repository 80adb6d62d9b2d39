import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { programFile } from "../../lib/engine/runtime/program/registry.js";

/** The name of the image in {@link boxArchive}. */
export const BOX = "box:latest";

const programs = ["sh", "cat", "echo", "false", "head", "ls", "mkfifo", "printf", "seq", "sleep", "stat", "true", "wc"];

/** A file of an archive. */
export interface PackedFile {
  readonly name: string;
  /** By default, it is a directory, or a symbolic link. */
  readonly content?: string | Buffer;
  readonly linkname?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** Packs files into an archive, with the same bytes every time. */
async function packed(files: readonly PackedFile[]): Promise<Buffer> {
  const archive = pack();
  const mtime = new Date(0);
  for (const { content, ...header } of files) {
    const type = content !== undefined ? "file" : header.linkname !== undefined ? "symlink" : "directory";
    archive.entry({ mode: type === "file" ? 0o644 : 0o755, ...header, mtime, type }, content ?? "");
  }
  archive.finalize();
  return buffer(Readable.from(archive as AsyncIterable<Buffer>));
}

const digest = (data: Buffer): string => createHash("sha256").update(data).digest("hex");

/**
 * Makes the archive of an image of one layer, as `docker save` does.
 *
 * @param files - the files of the layer.
 * @param config - members of the image's configuration.
 * @param names - the names that it has in the archive.
 */
export async function imageArchive(files: readonly PackedFile[], config: object, names: readonly string[]): Promise<Buffer> {
  const layer = await packed(files);
  const image = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { Env: ["PATH=/bin"], Cmd: ["sh"], ...config },
      rootfs: { type: "layers", diff_ids: [`sha256:${digest(layer)}`] },
    }),
  );
  const manifest = [{ Config: `${digest(image)}.json`, RepoTags: names, Layers: ["layer.tar"] }];
  return packed([
    { name: `${digest(image)}.json`, content: image },
    { name: "layer.tar", content: layer },
    { name: "manifest.json", content: JSON.stringify(manifest) },
  ]);
}

/** Makes the archive of an image with a shell, a few programs, two users, and an empty `/data`. */
export function boxArchive(config: object = {}, names: readonly string[] = [BOX]): Promise<Buffer> {
  const files: PackedFile[] = [
    { name: "bin/" },
    { name: "data/" },
    { name: "etc/" },
    { name: "tmp/", mode: 0o1777 },
    ...programs.map((name): PackedFile => ({ name: `bin/${name}`, content: programFile(name), mode: 0o755 })),
    { name: "etc/passwd", content: "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000::/:/bin/sh\n" },
  ];
  return imageArchive(files, config, names);
}
