import { packEntries, type PackEntry } from "../../archive/pack-entries.js";
import { parseTarget } from "../store/image-reference.js";
import type { ImageStore } from "../store/images.js";
import { importImage } from "../store/import-image.js";

/** The accounts of the image, as small distributions have them. */
const ACCOUNTS = {
  "etc/passwd": [
    "root:x:0:0:root:/root:/bin/sh",
    "daemon:x:1:1:daemon:/usr/sbin:/bin/false",
    "www-data:x:33:33:www-data:/var/www:/bin/false",
    "nobody:x:65534:65534:nobody:/home:/bin/false",
  ],
  "etc/group": ["root:x:0:", "daemon:x:1:", "www-data:x:33:", "nobody:x:65534:"],
  "etc/shells": ["/bin/sh"],
};

/** The directories in which a container of the image looks for programs. */
export const standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const DIRECTORIES = ["bin", "dev", "etc", "home", "proc", "root", "sys", "usr", "usr/bin", "usr/sbin", "var", "var/www", "www"];

/** The date of the files and of the image. It is always the same, so that the image has the same ID on every engine. */
const DATE = new Date("2025-01-01T00:00:00Z");

/**
 * Returns the files of an image with programs.
 *
 * @param programs - the programs, most of them in `bin`.
 */
export function standardEntries(programs: readonly PackEntry[]): PackEntry[] {
  return [
    ...DIRECTORIES.map((name) => ({ name, directory: true as const })),
    { name: "tmp", directory: true, mode: 0o1777 },
    ...programs,
    { name: "usr/bin/env", linkTo: "/bin/env" },
    ...Object.entries(ACCOUNTS).map(([name, lines]) => ({ name, content: `${lines.join("\n")}\n` })),
  ];
}

/**
 * Makes an image with a shell and small programs.
 *
 * @param store - the images.
 * @param names - the names of the image, such as `busybox:latest`.
 * @param programs - the programs, most of them in `bin`.
 * @throws {@link EngineError} when a name is not one of an image.
 */
export async function addStandardImage(
  store: ImageStore,
  names: readonly string[],
  programs: readonly PackEntry[],
): Promise<void> {
  const tags = names.map((name) => parseTarget(name, ""));
  const archive = packEntries(standardEntries(programs), { mtime: DATE });
  const image = await importImage(store, archive, {
    config: { Cmd: ["sh"], Env: [`PATH=${standardPath}`] },
    comment: "a shell and the standard programs of the embedded engine",
    now: BigInt(DATE.getTime()) * 1_000_000n,
  });
  for (const tag of tags) await store.tag(image, tag, false);
}
