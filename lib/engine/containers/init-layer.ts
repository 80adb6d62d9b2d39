import { buffer } from "node:stream/consumers";
import { packEntries } from "../../archive/pack-entries.js";
import { applyLayer } from "../files/apply-layer.js";
import { bytesSource } from "../files/content-source.js";
import type { Snapshot } from "../files/snapshot.js";

const epoch = new Date(0);

/** The files that every container has over the layers of its image. Most are mount points, so they do not count as changes. */
const entries = [
  { name: ".dockerenv", content: "", mode: 0o755, mtime: epoch },
  { name: "dev/console", content: "", mode: 0o755, mtime: epoch },
  { name: "dev/pts", directory: true, mode: 0o755, mtime: epoch },
  { name: "dev/shm", directory: true, mode: 0o755, mtime: epoch },
  { name: "etc/hostname", content: "", mode: 0o755, mtime: epoch },
  { name: "etc/hosts", content: "", mode: 0o755, mtime: epoch },
  { name: "etc/mtab", linkTo: "/proc/mounts", mtime: epoch },
  { name: "etc/resolv.conf", content: "", mode: 0o755, mtime: epoch },
  { name: "proc", directory: true, mode: 0o755, mtime: epoch },
  { name: "sys", directory: true, mode: 0o755, mtime: epoch },
] as const;

let archive: Promise<Buffer> | undefined;

/** Adds the files that every container has to the files of an image. */
export async function withInitLayer(image: Snapshot): Promise<Snapshot> {
  archive ??= buffer(packEntries(entries));
  return applyLayer(image, bytesSource(await archive));
}
