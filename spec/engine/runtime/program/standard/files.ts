import type { FileSystem } from "../../../../../lib/engine/files/file-system.js";
import { LayeredTree } from "../../../../../lib/engine/files/layered-tree.js";
import { MountedFiles } from "../../../../../lib/engine/files/mounted-files.js";

/** The users and groups of the container. */
export const accounts: Readonly<Record<string, string>> = {
  "/etc/passwd":
    "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\n",
  "/etc/group": "root:x:0:\ndaemon:x:1:\nwheel:x:10:root\nwww-data:x:33:\n",
};

/**
 * Returns the files of a container in memory.
 *
 * @param content - files in `/data`, written as in a case.
 */
export async function newFiles(content: Readonly<Record<string, string>> = {}): Promise<FileSystem> {
  const files = MountedFiles.of(new LayeredTree());
  for (const path of ["/etc", "/tmp", "/data", "/proc", "/dev"]) await files.makeDirectory(path);
  for (const [path, text] of Object.entries(accounts)) await files.writeFile(path, text);
  for (const [path, text] of Object.entries(content)) {
    const absolute = `/data/${path.replace(/\/$/, "")}`;
    const parent = path.endsWith("/") ? absolute : absolute.slice(0, absolute.lastIndexOf("/"));
    await files.makeDirectory(parent, { parents: true });
    if (path.endsWith("/")) continue;
    if (text.startsWith("-> ")) await files.makeLink(text.slice(3), absolute);
    else await files.writeFile(absolute, Buffer.from(text, "latin1"));
  }
  return files;
}
