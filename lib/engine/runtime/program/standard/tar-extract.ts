import type { ArchiveEntry } from "../../../../archive/open-entry.js";
import type { FileKind } from "../../../files/tree.js";
import { type Command, reasonOf } from "./command.js";
import { formatTime } from "./dates.js";
import { modeText } from "./modes.js";
import type { Arguments } from "./options.js";
import { directoryName, joined } from "./paths.js";

const kinds: Readonly<Record<string, FileKind>> = {
  file: "file",
  link: "file",
  directory: "directory",
  symlink: "symlink",
  fifo: "fifo",
  "character-device": "character",
  "block-device": "block",
};

const nanoseconds = (date: Date): bigint => BigInt(date.getTime()) * 1_000_000n;

/** Returns the line of `tar tv` for an entry. */
export function listingLine(entry: ArchiveEntry, name: string): string {
  const mode = modeText({ kind: kinds[entry.type ?? "file"] ?? "file", mode: entry.mode });
  const owner = `${entry.uid}/${entry.gid}`;
  const time = formatTime("%F %T", nanoseconds(entry.mtime));
  const arrow = entry.type === "symlink" || entry.type === "link" ? ` -> ${entry.linkname ?? ""}` : "";
  return `${mode} ${owner} ${String(entry.size).padStart(9)} ${time} ${name}${arrow}\n`;
}

/** Returns a name without its first parts, and without a slash at its start or end; undefined if nothing is left, or it leads out. */
function placeOf(name: string, stripped: number): string | undefined {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  return parts.length <= stripped || parts.includes("..") ? undefined : parts.slice(stripped).join("/");
}

/** Extracts entries into a container. */
export class Extraction {
  readonly #command: Command;
  readonly #options: Arguments;
  readonly #directory: string;
  readonly #stripped: number;
  /** The times of directories, which are set at the end, because each file in them changes them. */
  readonly #times: (readonly [string, bigint])[] = [];

  constructor(command: Command, options: Arguments) {
    this.#command = command;
    this.#options = options;
    this.#directory = options.value("C") ?? ".";
    this.#stripped = Number(options.value("S") ?? 0);
  }

  /** Extracts an entry. A message explains why that is impossible. */
  async extract(entry: ArchiveEntry): Promise<void> {
    const place = placeOf(entry.name, this.#stripped);
    if (place === undefined) return;
    if (this.#options.has("O")) {
      if (entry.type === "file") for await (const chunk of entry.chunks()) await this.#command.out.write(chunk);
      return;
    }
    const path = this.#command.path(joined(this.#directory, place));
    try {
      if (this.#options.has("k") && (await this.#command.statusOf(path, false)) && entry.type !== "directory") return;
      await this.#command.files.makeDirectory(directoryName(path), { parents: true });
      await this.#create(entry, path);
    } catch (error) {
      this.#command.complain(`can't open '${place}': ${reasonOf(error)}`);
    }
  }

  /** Sets the times of directories. */
  async finish(): Promise<void> {
    for (const [path, mtime] of this.#times.reverse()) await this.#command.files.change(path, { mtime });
  }

  async #create(entry: ArchiveEntry, path: string): Promise<void> {
    const { files } = this.#command;
    const existing = await this.#command.statusOf(path, false);
    const mtime = this.#options.has("m") ? this.#command.context.clock.now() : nanoseconds(entry.mtime);
    const mode = entry.mode & (this.#options.has("p") || this.#command.context.user.uid === 0 ? 0o7777 : 0o755);
    if (entry.type === "directory") {
      if (existing?.kind !== "directory") await files.makeDirectory(path);
      this.#times.push([path, mtime]);
    } else {
      if (existing && existing.kind !== "directory") await files.remove(path);
      if (entry.type === "symlink") await files.makeLink(entry.linkname ?? "", path);
      else if (entry.type === "link") {
        await files.link(this.#command.path(joined(this.#directory, placeOf(entry.linkname ?? "", this.#stripped) ?? "")), path);
        return;
      } else if (entry.type === "fifo") await files.makeFifo(path);
      else if (entry.type === "file") await files.writeFile(path, entry.content);
      else {
        this.#command.complain(`${entry.name}: devices are not extracted`);
        return;
      }
    }
    const isOwned = this.#command.context.user.uid === 0 && !this.#options.has("o");
    const owner = isOwned ? { uid: entry.uid, gid: entry.gid } : {};
    await files.change(path, { ...owner, ...(entry.type === "symlink" ? {} : { mode }), mtime }, false);
  }
}
