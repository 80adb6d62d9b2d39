import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { type Duplex, PassThrough } from "node:stream";
import type { HostConfig } from "../../../types/host-config.js";
import type { Resources } from "../../../types/resources.js";
import type { ContainerStats } from "../../../types/stats.js";
import type { FileSystem } from "../../files/file-system.js";
import type {
  ContainerProcess,
  ProcessRow,
  ProcessSpec,
  Sandbox,
  SandboxEndpoint,
  SandboxNetwork,
  TerminalSize,
} from "../executor.js";
import type { Cgroup } from "./cgroup.js";
import { type HostProcess, hostProcess, writtenPid } from "./host-process.js";
import { ociResources } from "./limits.js";
import { OciProcess } from "./oci-process.js";
import { ociStats } from "./oci-stats.js";
import { processConfig } from "./process-config.js";
import { processRows } from "./process-rows.js";
import type { Router } from "./router.js";
import { requireCommand } from "./run-command.js";
import type { Shim } from "./shim.js";
import { startFailure } from "./start-failure.js";

/** The size of a terminal without a client that has one. */
export const usualSize: TerminalSize = { rows: 24, columns: 80 };

/** What a sandbox needs of its executor. */
export interface SandboxParts {
  /** ID of the container. */
  readonly id: string;
  /** Holds the files of commands that run in containers. Those of a container that is gone may still come. */
  readonly commands: string;
  /** Its limits and privileges. */
  readonly host: HostConfig;
  /** Its files. */
  readonly files: FileSystem;
  /** Its control group. */
  readonly cgroup: Cgroup;
  /** Its network. */
  readonly network: SandboxNetwork;
  /** The bridges between containers. */
  readonly router: Router;
  /** The shell that runs it. */
  readonly shim: Shim;
  /** Its first process. */
  readonly process: HostProcess;
  /** Returns the command that runs the runtime with these arguments, on a terminal if there is a size. */
  readonly runtime: (args: readonly string[], size?: TerminalSize) => string[];
  /** Is told what the operator should know. */
  readonly report: (message: string) => void;
}

/** A container whose processes are those of the machine. */
export class OciSandbox implements Sandbox {
  readonly main: ContainerProcess;
  readonly #parts: SandboxParts;
  #host: HostConfig;
  /** The interfaces by name, with their networks. */
  readonly #interfaces = new Map<string, SandboxEndpoint>();
  #lastExec = 0;

  constructor(parts: SandboxParts) {
    this.#parts = parts;
    this.#host = parts.host;
    const { shim, network } = parts;
    if (network.kind === "own") network.endpoints.forEach((endpoint, at) => this.#interfaces.set(`eth${at}`, endpoint));
    this.main = new OciProcess({
      target: parts.process,
      pid: parts.process.pid,
      stdin: shim.stdin,
      stdout: shim.stdout,
      stderr: shim.stderr,
      // a shell that was killed before it could tell the code was killed with the container
      exited: shim.exited.then(({ code = 137, oomKilled }) => ({ code, oomKilled })),
    });
  }

  async execute(spec: ProcessSpec): Promise<ContainerProcess> {
    const { commands, files, id, runtime, report } = this.#parts;
    this.#lastExec += 1;
    const place = join(commands, `${id}-exec-${this.#lastExec}`);
    const at = (name: string): string => `${place}.${name}`;
    const [config, pidFile, log] = [at("json"), at("pid"), at("log")];
    await writeFile(config, JSON.stringify(await processConfig(spec, this.#host, files, report)), { mode: 0o600 });
    const [file = "", ...args] = runtime(
      ["--log", log, "--log-format", "json", "exec", "--process", config, "--pid-file", pidFile, id],
      spec.tty ? (spec.size ?? usualSize) : undefined,
    );
    const child = spawn(file, args, { stdio: "pipe" });
    const exited = new Promise<number>((resolve) => {
      child.once("exit", (code) => resolve(code ?? 137));
      child.once("error", () => resolve(255));
    });
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on("error", () => undefined); // its end tells
    // Node.js throws away what nobody reads when a process ends, which may be before this one is known to have started
    const [stdout, stderr] = [child.stdout.pipe(new PassThrough()), child.stderr.pipe(new PassThrough())];
    const pid = await writtenPid(pidFile, exited);
    const failure = pid === undefined ? await startFailure(log, spec.argv[0] ?? "") : undefined;
    for (const path of [config, pidFile, log]) await rm(path, { force: true });
    if (failure) throw failure;
    return new OciProcess({
      target: hostProcess(pid ?? 0),
      pid: pid ?? 0,
      stdin: child.stdin,
      stdout,
      stderr: spec.tty ? undefined : stderr,
      exited: exited.then((code) => ({ code })),
    });
  }

  pause(): Promise<void> {
    return this.#parts.cgroup.freeze(true);
  }

  resume(): Promise<void> {
    return this.#parts.cgroup.freeze(false);
  }

  processes(): Promise<ProcessRow[]> {
    return Promise.resolve(processRows(this.#parts.cgroup.processes()));
  }

  stats(): Promise<Partial<ContainerStats>> {
    const { cgroup, network } = this.#parts;
    return Promise.resolve().then(() => ociStats(cgroup, network.kind === "own" ? this.main.pid : undefined));
  }

  async update(resources: Resources): Promise<void> {
    const { commands, runtime, id } = this.#parts;
    this.#host = { ...this.#host, ...resources };
    const path = join(commands, `${id}-resources.json`); // crun does not read them from a pipe
    await writeFile(path, JSON.stringify(ociResources(resources)), { mode: 0o600 });
    try {
      await requireCommand(runtime(["update", "--resources", path, id]));
    } finally {
      await rm(path, { force: true });
    }
  }

  connect(port: number): Promise<Duplex> {
    const { network, router } = this.#parts;
    return network.kind === "host" ? connectHere(port) : router.connect([...this.#interfaces.values()], port);
  }

  datagrams(port: number): Promise<Duplex> {
    return this.#parts.router.datagrams([...this.#interfaces.values()], port);
  }

  async attach(endpoint: SandboxEndpoint, outside: string | undefined): Promise<void> {
    const name = freeName(this.#interfaces);
    await this.#parts.router.attach(this.main.pid, endpoint, name, endpoint.network === outside);
    this.#interfaces.set(name, endpoint);
  }

  async detach(network: string, outside: string | undefined): Promise<void> {
    const { router } = this.#parts;
    for (const [name, endpoint] of this.#interfaces) {
      if (endpoint.network !== network) continue;
      await router.detach(endpoint);
      this.#interfaces.delete(name);
    }
    for (const endpoint of this.#interfaces.values())
      if (endpoint.network === outside) await router.route(this.main.pid, endpoint);
  }

  /** Kills all processes and waits until they have ended. */
  async kill(): Promise<void> {
    const { cgroup } = this.#parts;
    this.main.kill(9);
    await cgroup.freeze(false).catch(() => undefined); // frozen processes do not end; those that have ended cannot be thawed
    await this.main.exited;
  }
}

/** Returns the first name of an interface that is not taken. */
function freeName(taken: ReadonlyMap<string, unknown>): string {
  for (let number = 0; ; number += 1) if (!taken.has(`eth${number}`)) return `eth${number}`;
}

async function connectHere(port: number): Promise<Duplex> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true });
  await once(socket, "connect");
  return socket;
}
