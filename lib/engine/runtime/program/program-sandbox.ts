import { totalmem } from "node:os";
import type { Duplex } from "node:stream";
import type { Resources } from "../../../types/resources.js";
import type { ContainerNetworkStats, ContainerStats } from "../../../types/stats.js";
import type { Clock } from "../../clock.js";
import { FileError } from "../../files/file-error.js";
import { MountTable } from "../../files/mount-table.js";
import { MountedFiles } from "../../files/mounted-files.js";
import type { ContainerProcess, ProcessRow, ProcessSpec, Sandbox, SandboxSpec, TerminalSize } from "../executor.js";
import { NOT_A_DIRECTORY, StartError } from "../executor.js";
import { ConnectionError, Ports, type ProgramNetwork } from "./connections.js";
import type { Descriptor } from "./descriptor.js";
import { DescriptorReadable, DescriptorWritable } from "./descriptor-streams.js";
import { DeviceTree } from "./devices.js";
import { ExecError, findProgram, type FoundProgram } from "./lookup.js";
import { Pipe } from "./pipe.js";
import { type ProcSource, ProcTree } from "./proc-tree.js";
import type { Process } from "./process.js";
import { ProcessTable } from "./process-table.js";
import type { Program } from "./program.js";
import type { ProgramRegistry } from "./registry.js";
import { memoryOf, processorStats } from "./shared-use.js";
import { signalName } from "./signals.js";
import { Terminal } from "./terminal.js";
import { findUser, groupIds } from "./users.js";

/** The traffic of a network, which is not measured. */
const noTraffic: ContainerNetworkStats = {
  rx_bytes: 0,
  rx_packets: 0,
  rx_errors: 0,
  rx_dropped: 0,
  tx_bytes: 0,
  tx_packets: 0,
  tx_errors: 0,
  tx_dropped: 0,
};

/** What a sandbox needs of its executor. */
export interface SandboxHost {
  readonly clock: Clock;
  readonly registry: ProgramRegistry;
  readonly network: ProgramNetwork;
  /** The ports of the container whose network this one has joined. */
  readonly ports?: Ports;
  nextHostPid(): number;
  report(message: string): void;
}

const usualSize: TerminalSize = { rows: 24, columns: 80 };
const localNames = /^(localhost|127(\.\d+){3}|::1|0\.0\.0\.0|\[::1\])$/;

/** The streams of a process as the engine uses them, and the descriptors of the process. */
interface Wiring extends Pick<ContainerProcess, "stdin" | "stdout" | "stderr" | "resize"> {
  readonly descriptors: readonly [Descriptor, Descriptor, Descriptor];
  readonly terminal?: Terminal;
}

function pipes(): Wiring {
  const [input, output, errors] = [new Pipe(), new Pipe(), new Pipe()];
  return {
    descriptors: [input.reader, output.writer, errors.writer],
    stdin: new DescriptorWritable(input.writer, undefined, () => input.writer.release()),
    stdout: new DescriptorReadable(output.reader, undefined, () => output.reader.release()),
    stderr: new DescriptorReadable(errors.reader, undefined, () => errors.reader.release()),
    resize: () => Promise.resolve(), // as on Docker, where it has no effect
  };
}

function terminal(size: TerminalSize): Wiring {
  const made = new Terminal(size);
  return {
    descriptors: [made.slave, made.slave.retain(), made.slave.retain()],
    stdin: made.input,
    stdout: made.output,
    stderr: undefined,
    terminal: made,
    resize: async (next) => {
      made.resize(next);
      return Promise.resolve();
    },
  };
}

/** A container whose processes are functions. */
export class ProgramSandbox implements Sandbox {
  readonly #spec: SandboxSpec;
  readonly #host: SandboxHost;
  readonly #table: ProcessTable;
  readonly #ports: Ports;
  readonly #files: MountedFiles;
  #main: ContainerProcess | undefined;
  #resources: Resources = {};

  private constructor(spec: SandboxSpec, host: SandboxHost) {
    this.#spec = spec;
    this.#host = host;
    this.#files = MountedFiles.of(spec.root, spec.readOnly);
    // these need no folders in the container's own files, so that they are no changes of it
    this.#files.mounts.add({ path: "/dev", tree: new DeviceTree() });
    this.#ports = host.ports ?? new Ports((port, open) => host.network.listening?.(spec.id, port, open));
    this.#table = new ProcessTable({
      clock: host.clock,
      hostname: spec.hostname,
      registry: host.registry,
      nextHostPid: () => host.nextHostPid(),
      report: (message) => host.report(message),
      filesOf: (process) => this.#filesOf(process),
      listen: (port, onConnection) => this.#ports.listen(port, onConnection),
      connect: (target, port) => this.#connect(target, port),
      interfaces: () => host.network.interfaces?.(spec.id) ?? [],
    });
  }

  /**
   * Starts a container.
   *
   * @throws {@link StartError} when its first process cannot be started.
   */
  static async start(spec: SandboxSpec, host: SandboxHost): Promise<ProgramSandbox> {
    const sandbox = new ProgramSandbox(spec, host);
    for (const { destination, tree, readOnly } of spec.mounts) await sandbox.#files.mount({ path: destination, tree, readOnly });
    sandbox.#limit(spec.host);
    sandbox.#main = await sandbox.#start(spec.process, spec.image === undefined ? undefined : host.registry.ofImage(spec.image));
    return sandbox;
  }

  /** The ports that the container listens on. */
  get ports(): Ports {
    return this.#ports;
  }

  get main(): ContainerProcess {
    if (!this.#main) throw new Error("the container has not started");
    return this.#main;
  }

  async execute(process: ProcessSpec): Promise<ContainerProcess> {
    return this.#start(process);
  }

  async pause(): Promise<void> {
    this.#table.gate.set(false);
    return Promise.resolve();
  }

  async resume(): Promise<void> {
    this.#table.gate.set(true);
    for (const process of this.#table.running) process.resumed();
    return Promise.resolve();
  }

  async processes(): Promise<ProcessRow[]> {
    return Promise.resolve(this.#table.rows((process) => process.hostPid));
  }

  async stats(): Promise<Partial<ContainerStats>> {
    const current = this.#table.running.length;
    const { PidsLimit, Memory } = this.#resources;
    const interfaces = this.#host.network.interfaces?.(this.#spec.id) ?? [];
    return Promise.resolve({
      pids_stats: { current, ...(PidsLimit && PidsLimit > 0 ? { limit: PidsLimit } : {}) },
      cpu_stats: processorStats(this.#table.used),
      memory_stats: { usage: memoryOf(current), limit: Memory || totalmem(), stats: {} },
      ...(interfaces.length > 0 ? { networks: Object.fromEntries(interfaces.map(({ name }) => [name, noTraffic])) } : {}),
    });
  }

  async update(resources: Resources): Promise<void> {
    // programs share the memory and the processor of the engine: only their number can be limited
    this.#limit(resources);
    return Promise.resolve();
  }

  async connect(port: number): Promise<Duplex> {
    return Promise.resolve().then(() => this.#ports.connect(port));
  }

  /** Kills all processes and waits until they have ended. */
  async kill(): Promise<void> {
    this.#table.killAll();
    await this.main.exited;
  }

  #limit(resources: Resources): void {
    const { PidsLimit } = resources;
    this.#resources = resources;
    if (typeof PidsLimit === "number" && PidsLimit > 0) this.#table.limit = PidsLimit;
  }

  async #start(spec: ProcessSpec, program?: Program): Promise<ContainerProcess> {
    const account = await findUser(this.#files, spec.user);
    const added = await groupIds(this.#files, this.#spec.host.GroupAdd ?? []);
    const user = { ...account, groups: [...new Set([...account.groups, ...added])] };
    const env: Record<string, string> = { ...spec.env };
    env["HOME"] ??= user.home;
    const cwd = spec.cwd === "" ? "/" : spec.cwd;
    await this.#checkFolder(cwd);
    const place = { files: this.#files, registry: this.#host.registry, env, cwd, user };
    const found = program ? { program, argv: spec.argv } : await findProgram(place, spec.argv).catch(failedExec);
    if (this.#main && !this.#table.find(1)) throw new StartError("the container is not running", 128);
    const wiring = spec.tty ? terminal(spec.size ?? usualSize) : pipes();
    const process = this.#table.start(found.program, {
      parent: 0,
      argv: found.argv,
      env,
      cwd,
      user,
      descriptors: wiring.descriptors,
      ignored: [],
      foreground: true,
      umask: 0o022,
    });
    if (wiring.terminal) this.#attach(wiring.terminal);
    return {
      pid: process.hostPid,
      stdin: wiring.stdin,
      stdout: wiring.stdout,
      stderr: wiring.stderr,
      exited: process.exited.then((code) => ({ code })),
      kill: (signal) => process.deliver(signalName(signal), false),
      resize: wiring.resize,
    };
  }

  /** Returns the files as a process sees them: it owns what it creates, and `/proc/self` leads to it. */
  #filesOf(process: Process): MountedFiles {
    const { uid, gid, groups } = process.user;
    const table = this.#table;
    const ports = this.#ports;
    const source: ProcSource = {
      get running() {
        return table.running;
      },
      get listening() {
        return ports.listening;
      },
      mounts: mountLines(this.#spec),
      limits: this.#spec.host.Ulimits ?? [],
    };
    const [root, ...mounts] = this.#files.mounts.list();
    const own = new MountTable(root ?? { path: "/", tree: this.#spec.root });
    own.add({ path: "/proc", tree: new ProcTree(source, process) });
    for (const mount of mounts) own.add(mount);
    return new MountedFiles(own, { uid, gid, groups, umask: process.umask }, process.signal);
  }

  /** Sends the signals of a terminal to the processes that use it. */
  #attach(terminal: Terminal): void {
    const uses = (process: Process): boolean =>
      process.foreground && process.descriptors.some((descriptor) => descriptor === terminal.slave);
    terminal.onSignal = (signal) => {
      for (const process of this.#table.running.filter(uses)) process.deliver(signal, true);
    };
  }

  async #checkFolder(cwd: string): Promise<void> {
    const failed = (reason: string): never => {
      throw new StartError(`chdir to cwd (${JSON.stringify(cwd)}) set in config.json failed: ${reason}`, 127);
    };
    const status = await this.#files.stat(cwd).catch((error: unknown) => {
      const isBelowFile = error instanceof FileError && error.code === "ENOTDIR";
      return failed(isBelowFile ? NOT_A_DIRECTORY : "no such file or directory");
    });
    if (status.kind !== "directory") failed(NOT_A_DIRECTORY);
  }

  async #connect(target: string, port: number): Promise<Duplex> {
    if (localNames.test(target) || target === this.#spec.hostname) return this.#connectLocally(port);
    return this.#host.network.connect(this.#spec.id, target, port);
  }

  async #connectLocally(port: number): Promise<Duplex> {
    const isElsewhere = this.#spec.network.kind === "host" && !this.#ports.listening.includes(port);
    return (isElsewhere ? this.#host.network.connectHost?.(port) : undefined) ?? this.#ports.connect(port);
  }
}

/** Returns the lines of `/proc/mounts`, apart from the devices that the kernel has and a program has not. */
function mountLines({ readOnly, mounts }: SandboxSpec): string[] {
  const access = (isReadOnly: boolean): string => (isReadOnly ? "ro" : "rw");
  return [
    `overlay / overlay ${access(readOnly)},relatime 0 0`,
    "proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0",
    "tmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755 0 0",
    ...mounts.map(({ destination, isTmpfs, readOnly: isReadOnly }) => {
      const path = destination.replace(/[ \t\n\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
      const [device, kind] = isTmpfs ? ["tmpfs", "tmpfs"] : ["/dev/root", "ext4"];
      return `${device} ${path} ${kind} ${access(isReadOnly)},relatime 0 0`;
    }),
  ];
}

/** A file that the kernel refuses to execute ends the process that has already started, as under runc. */
function failedExec(error: unknown): FoundProgram {
  if (!(error instanceof ExecError) || !error.message.startsWith("exec /")) throw error;
  return {
    argv: [error.path ?? ""],
    program: ({ stderr }) => {
      stderr.write(`${error.message}\n`);
      return 255;
    },
  };
}

/** A network in which a container reaches only itself. */
export const noNetwork: ProgramNetwork = {
  connect: (_container, host) => Promise.reject(new ConnectionError("ENOTFOUND", `unknown host ${host}`)),
};
