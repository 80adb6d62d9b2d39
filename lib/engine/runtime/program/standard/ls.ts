import type { FileStatus } from "../../../files/tree.js";
import { Accounts } from "./accounts.js";
import { type Command, program, reasonOf } from "./command.js";
import { modeText } from "./modes.js";
import { humanSize } from "./numbers.js";
import type { Arguments } from "./options.js";
import { joined } from "./paths.js";

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly status: FileStatus;
}

/** A year's half, in seconds: older files show their year in place of the time. */
const HALF_YEAR = 15_778_476;

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Formats the time of a file as `ls -l` does. */
function shortTime(mtime: bigint, now: bigint): string {
  const date = new Date(Number(mtime / 1_000_000n));
  const age = Number((now - mtime) / 1_000_000_000n);
  const day = `${months[date.getUTCMonth()] ?? ""} ${String(date.getUTCDate()).padStart(2)}`;
  return age > HALF_YEAR || age < -HALF_YEAR ? `${day}  ${date.getUTCFullYear()}` : `${day} ${date.toISOString().slice(11, 16)}`;
}

const fullTime = (mtime: bigint): string => {
  const date = new Date(Number(mtime / 1_000_000n)).toISOString();
  return `${date.slice(0, 10)} ${date.slice(11, 19)} +0000`;
};

/** Kilobytes that a file takes on a disk with blocks of 4 KiB. */
const kilobytes = ({ kind, size }: FileStatus): number =>
  kind === "file" || kind === "directory" ? Math.ceil(size / 4096) * 4 : 0;

function indicator({ kind, mode }: FileStatus, options: Arguments): string {
  if (kind === "directory") return "/";
  if (!options.has("F")) return "";
  if (kind === "file") return mode & 0o111 ? "*" : "";
  return { symlink: "@", fifo: "|", socket: "=" }[kind as string] ?? "";
}

class Lister {
  readonly #command: Command;
  readonly #options: Arguments;
  readonly #accounts: Accounts;
  readonly #layout: "long" | "one" | "columns";
  /** Whether something was printed, so that the next title follows an empty line. */
  #hasOutput = false;

  constructor(command: Command, options: Arguments, accounts: Accounts) {
    this.#command = command;
    this.#options = options;
    this.#accounts = accounts;
    const chosen = options.last("l1nCxe");
    const standard = command.context.terminals[1] ? "columns" : "one";
    if (options.has("ln")) this.#layout = "long";
    else if (chosen === undefined) this.#layout = standard;
    else this.#layout = "Cx".includes(chosen) ? "columns" : "one";
  }

  /** Lists files, and directories unless their contents are wanted. */
  async operands(paths: readonly string[]): Promise<void> {
    const files: Entry[] = [];
    const directories: Entry[] = [];
    for (const path of paths) {
      const entry = await this.#entry(path, path, !this.#options.has("lnF") || this.#options.has("LH"));
      if (entry) (entry.status.kind === "directory" && !this.#options.has("d") ? directories : files).push(entry);
    }
    if (files.length > 0) await this.#print(this.#sorted(files), false);
    for (const entry of this.#sorted(directories)) await this.#directory(entry.path, paths.length > 1 || this.#options.has("R"));
  }

  async #entry(name: string, path: string, follow: boolean): Promise<Entry | undefined> {
    const { files } = this.#command;
    const absolute = this.#command.path(path);
    try {
      const link = await files.lstat(absolute);
      if (!follow || link.kind !== "symlink") return { name, path, status: link };
      if (name !== path && !(await files.exists(absolute))) return { name, path, status: link };
      return { name, path, status: await files.stat(absolute) };
    } catch (error) {
      this.#command.complain(`${path}: ${reasonOf(error)}`);
      return undefined;
    }
  }

  #sorted(entries: readonly Entry[]): Entry[] {
    const compare: Record<string, (a: Entry, b: Entry) => number> = {
      S: (a, b) => b.status.size - a.status.size,
      t: (a, b) => Number(b.status.mtime - a.status.mtime),
      X: (a, b) => order(/\.[^.]*$/.exec(a.name)?.[0] ?? "", /\.[^.]*$/.exec(b.name)?.[0] ?? ""),
      v: (a, b) => a.name.localeCompare(b.name, "en", { numeric: true }),
    };
    const first = compare[this.#options.last("StXv") ?? ""] ?? (() => 0);
    const list = [...entries].sort((a, b) => first(a, b) || order(a.name, b.name));
    if (this.#options.has("r")) list.reverse();
    if (this.#options.has("g"))
      list.sort((a, b) => Number(b.status.kind === "directory") - Number(a.status.kind === "directory"));
    return list;
  }

  async #directory(path: string, hasTitle: boolean): Promise<void> {
    const absolute = this.#command.path(path);
    const names = await this.#command.attempt(
      () => this.#command.files.list(absolute),
      (reason) => `can't open '${path}': ${reason}`,
    );
    if (!names) return;
    const isShown = (name: string): boolean => this.#options.has("aA") || !name.startsWith(".");
    const found = [...(this.#options.has("a") ? [".", ".."] : []), ...names.filter(isShown)];
    const entries: Entry[] = [];
    for (const name of found) {
      const entry = await this.#entry(name, joined(path, name), this.#options.has("L"));
      if (entry) entries.push(entry);
    }
    if (hasTitle) this.#command.out.put(`${this.#hasOutput ? "\n" : ""}${path}:\n`);
    this.#hasOutput ||= hasTitle;
    const sorted = this.#sorted(entries);
    await this.#print(sorted, true);
    if (!this.#options.has("R")) return;
    for (const entry of sorted) {
      if (entry.status.kind === "directory" && entry.name !== "." && entry.name !== "..") await this.#directory(entry.path, true);
    }
  }

  async #print(entries: readonly Entry[], isDirectory: boolean): Promise<void> {
    if (isDirectory && (this.#layout === "long" || this.#options.has("s"))) {
      const total = entries.reduce((sum, { status }) => sum + kilobytes(status), 0);
      this.#command.out.put(`total ${this.#options.has("h") ? humanSize(total * 1024).replace(/\.0/, "") : total}\n`);
    }
    const lines = entries.map((entry) => this.#line(entry));
    if (this.#layout === "columns") this.#columns(lines);
    else for (const line of lines) this.#command.out.put(`${line}\n`);
    this.#hasOutput ||= entries.length > 0;
    await this.#command.out.flush();
  }

  #line({ name, status }: Entry): string {
    const number = this.#options.has("i") ? `${String(status.inode).padStart(7)} ` : "";
    const blocks = this.#options.has("s") ? `${String(kilobytes(status)).padStart(6)} ` : "";
    const mark = this.#options.has("Fp") ? indicator(status, this.#options) : "";
    const prefix = number + blocks + (this.#layout === "long" ? this.#attributes(status) : "");
    const target = this.#layout === "long" && status.target !== undefined ? ` -> ${status.target}` : "";
    const shown = this.#options.has("Q") ? `"${name.replace(/["\\]/g, "\\$&")}"` : name;
    return prefix + shown + (target === "" ? mark : target);
  }

  #attributes(status: FileStatus): string {
    const names = this.#options.has("n") ? undefined : this.#accounts;
    const user = (names?.userName(status.uid) ?? String(status.uid)).slice(0, 8).padEnd(8);
    const group = (names?.groupName(status.gid) ?? String(status.gid)).slice(0, 8).padEnd(8);
    let size = String(status.size).padStart(9);
    if (status.device) size = `${String(status.device[0]).padStart(4)}, ${String(status.device[1]).padStart(3)}`;
    else if (this.#options.has("h")) size = humanSize(status.size).padStart(7);
    const time = this.#options.has("f") ? fullTime(status.mtime) : shortTime(status.mtime, this.#command.context.clock.now());
    return `${modeText(status)} ${String(status.links).padStart(4)} ${user} ${group} ${size} ${time} `;
  }

  #columns(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const width = Number(this.#options.value("w") ?? this.#command.context.terminals[1]?.columns ?? 80);
    const column = Math.max(...lines.map((line) => line.length)) + 2;
    const count = Math.max(1, Math.floor((width + 1) / column));
    const rows = Math.ceil(lines.length / count);
    const isByLine = this.#options.last("Cx") === "x";
    for (let row = 0; row < rows; row++) {
      const shown = lines.filter((_, index) => (isByLine ? Math.floor(index / count) : index % rows) === row);
      this.#command.out.put(
        `${shown
          .map((line) => line.padEnd(column))
          .join("")
          .trimEnd()}\n`,
      );
    }
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Lists files. */
export const ls = program(
  async (command) => {
    const long = { color: "", "full-time": "f", "group-directories-first": "g" };
    const options = command.options("1aACxdLHRFplinshrSXvctuQw:", { long });
    const lister = new Lister(command, options, await Accounts.read(command.files));
    await lister.operands(options.operands.length > 0 ? options.operands : ["."]);
  },
  { usage: "[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]..." },
);
