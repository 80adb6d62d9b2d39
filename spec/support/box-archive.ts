import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { programFile } from "../../lib/engine/runtime/program/registry.js";

/** The name of the image in {@link boxArchive}. */
export const BOX = "box:latest";

const programs = ["sh", "cat", "echo", "false", "head", "ls", "mkfifo", "printf", "seq", "sleep", "stat", "true", "wc"];

/** A file of an archive; null is a directory. */
type Entry = readonly [name: string, content: string | Buffer | null, mode?: number];

/** Packs files into an archive, with the same bytes every time. */
async function packed(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  const mtime = new Date(0);
  for (const [name, content, mode = content === null ? 0o755 : 0o644] of entries)
    archive.entry({ name, mode, mtime, type: content === null ? "directory" : "file" }, content ?? "");
  archive.finalize();
  return buffer(Readable.from(archive as AsyncIterable<Buffer>));
}

const digest = (data: Buffer): string => createHash("sha256").update(data).digest("hex");

/**
 * Makes the archive of an image, as `docker save` does: a shell, a few programs, two users, and an empty `/data`.
 *
 * @param config - members of the image's configuration.
 * @param names - the names that it has in the archive.
 */
export async function boxArchive(config: object = {}, names: readonly string[] = [BOX]): Promise<Buffer> {
  const layer = await packed([
    ["bin/", null],
    ["data/", null],
    ["etc/", null],
    ["tmp/", null, 0o1777],
    ...programs.map((name): Entry => [`bin/${name}`, programFile(name), 0o755]),
    ["etc/passwd", "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000::/:/bin/sh\n"],
  ]);
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
    [`${digest(image)}.json`, image],
    ["layer.tar", layer],
    ["manifest.json", JSON.stringify(manifest)],
  ]);
}
