import type { Ulimit } from "../../../types/resources.js";
import type { FileStatus } from "../../files/tree.js";
import { descriptorFile } from "./devices.js";
import { limitsTable } from "./limits.js";
import type { Process } from "./process.js";
import { type VirtualNode, VirtualTree } from "./virtual-tree.js";

/** What `/proc` shows. */
export interface ProcSource {
  /** The running processes. */
  readonly running: readonly Process[];
  /** The ports that programs listen on. */
  readonly listening: readonly number[];
  /** The lines of `/proc/mounts`. */
  readonly mounts: readonly string[];
  /** The limits of the container. */
  readonly limits: readonly Ulimit[];
}

const header =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n";
const hex = (value: number, width: number): string => value.toString(16).toUpperCase().padStart(width, "0");

/** Returns the lines of `/proc/net/tcp` for listening sockets: state 0A, bound to all addresses. */
export function tcpTable(ports: readonly number[]): string {
  const rows = ports.map((port, index) => {
    const start = `${String(index).padStart(4)}: 00000000:${hex(port, 4)} 00000000:0000 0A`;
    return `${start} 00000000:00000000 00:00000000 00000000     0        0 ${10_000 + port} 1 0000000000000000 100 0 0 10 0\n`;
  });
  return header + rows.join("");
}

const descriptorStatus: FileStatus = { kind: "character", mode: 0o600, uid: 0, gid: 0, size: 0, mtime: 0n, inode: 1, links: 1 };

/** The files of `/proc`, as a process sees them: its processes and the sockets that they listen on. */
export class ProcTree extends VirtualTree {
  readonly #source: ProcSource;
  readonly #self: Process;

  /** @param self - the process that `/proc/self` leads to. */
  constructor(source: ProcSource, self: Process) {
    super();
    this.#source = source;
    this.#self = self;
  }

  protected override find(path: string): VirtualNode | undefined {
    const [name = "", file, detail] = path.slice(1).split("/");
    if (name === "")
      return { kind: "directory", names: () => [...this.#source.running.map(({ pid }) => String(pid)), "mounts", "net", "self"] };
    if (name === "mounts") return file === undefined ? { kind: "symlink", target: "self/mounts" } : undefined;
    if (name === "self") return file === undefined ? { kind: "symlink", target: String(this.#self.pid) } : undefined;
    if (name === "net") return this.#net(file);
    const process = this.#source.running.find(({ pid }) => String(pid) === name);
    return process && this.#process(process, file, detail);
  }

  #net(file: string | undefined): VirtualNode | undefined {
    if (file === undefined) return { kind: "directory", names: () => ["tcp", "tcp6"] };
    if (file === "tcp") return { kind: "file", content: () => tcpTable(this.#source.listening) };
    return file === "tcp6" ? { kind: "file", content: () => header } : undefined;
  }

  #process(process: Process, file: string | undefined, detail: string | undefined): VirtualNode | undefined {
    const files: Readonly<Record<string, () => string>> = {
      cmdline: () => process.argv.map((word) => `${word}\0`).join(""),
      comm: () => `${commandName(process)}\n`,
      environ: () =>
        Object.entries(process.env)
          .map(([name, value]) => `${name}=${value}\0`)
          .join(""),
      limits: () => limitsTable(this.#source.limits),
      mounts: () => this.#source.mounts.map((line) => `${line}\n`).join(""),
      stat: () => `${process.pid} (${commandName(process)}) ${process.state} ${process.parent} ${process.pid} ${process.pid}\n`,
      status: () => statusText(process),
    };
    if (file === undefined) return { kind: "directory", names: () => [...Object.keys(files), "cwd", "fd"] };
    if (file === "cwd") return { kind: "symlink", target: process.cwd };
    if (file === "fd") return descriptorNode(process, detail);
    const content = detail === undefined ? files[file] : undefined;
    return content && { kind: "file", content };
  }
}

function descriptorNode(process: Process, number: string | undefined): VirtualNode | undefined {
  if (number === undefined) return { kind: "directory", names: () => ["0", "1", "2"] };
  const descriptor = /^[012]$/.test(number) ? process.descriptors[Number(number)] : undefined;
  if (!descriptor) return undefined;
  const path = `/proc/${process.pid}/fd/${number}`;
  return { kind: "character", device: [0, 0], open: () => descriptorFile(descriptor.retain(), path, () => descriptorStatus) };
}

const commandName = ({ argv }: Process): string => (argv[0] ?? "").split("/").at(-1)?.slice(0, 15) ?? "";

function statusText(process: Process): string {
  const { uid, gid, groups } = process.user;
  const four = (id: number): string => [id, id, id, id].join("\t");
  const state = process.state === "T" ? "T (stopped)" : "S (sleeping)";
  const rows: readonly (readonly [string, string | number])[] = [
    ["Name", commandName(process)],
    ["Umask", process.umask.toString(8).padStart(4, "0")],
    ["State", state],
    ["Tgid", process.pid],
    ["Pid", process.pid],
    ["PPid", process.parent],
    ["Uid", four(uid)],
    ["Gid", four(gid)],
    ["Groups", groups.join(" ")],
  ];
  return rows.map(([name, value]) => `${name}:\t${value}\n`).join("");
}
