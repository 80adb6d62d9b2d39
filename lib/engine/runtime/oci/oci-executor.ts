import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostConfig } from "../../../types/host-config.js";
import { notSupported } from "../../engine-error.js";
import { MountedFiles } from "../../files/mounted-files.js";
import { type AdoptedSpec, type Executor, type Sandbox, type SandboxSpec, StartError, type TerminalSize } from "../executor.js";
import { Cgroup, isUnified, PARENT, removeParent } from "./cgroup.js";
import { FolderRoots, OVERLAY_OPTIONS } from "./folder-roots.js";
import { type HostProcess, hostProcess } from "./host-process.js";
import { NamespaceMemory } from "./memory-mounts.js";
import { Namespaces } from "./namespaces.js";
import { checkSecurity, ociConfig } from "./oci-config.js";
import { findRuntime, missing, probe, type Runtime } from "./oci-probe.js";
import { OciSandbox, type SandboxParts, usualSize } from "./oci-sandbox.js";
import { processConfig } from "./process-config.js";
import type { Resolve } from "./relay.js";
import { Router } from "./router.js";
import { runCommand } from "./run-command.js";
import { Shim, stateRemoved } from "./shim.js";
import { startFailure } from "./start-failure.js";

/** Settings of {@link OciExecutor.open}. */
export interface OciExecutorOptions {
  /** Folder for everything that the executor keeps. */
  readonly folder: string;
  /** Whether containers outlive the engine. */
  readonly outlives: boolean;
  /** Is told what the operator should know. */
  readonly report: (message: string) => void;
  /** Answers what containers ask for names. */
  readonly resolve: Resolve;
}

/**
 * The executor does not work on this machine. The message says why.
 *
 * @category Embedded engine
 */
export class UnavailableError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = "UnavailableError";
  }
}

/** Ends what an engine without a successor has left, and removes it. */
const ABANDON = `
for entry in "$FOLDER"/state/*; do [ ! -e "$entry" ] || "$RUNTIME" --root "$FOLDER/state" delete -f "$(basename "$entry")"; done
for group in /sys/fs/cgroup${PARENT} /sys/fs/cgroup/*${PARENT}; do [ ! -d "$group" ] || rmdir "$group"; done
rm -rf "$FOLDER"
`;

/** The file with the first process of a container, by which the next engine finds it. */
const PROCESS = "process.json";

/** The folder with the files of commands that run in containers. */
const COMMANDS = "commands";

/** What one run of a container consists of. */
type RunParts = Pick<SandboxParts, "files" | "cgroup" | "shim" | "process">;

/** Programs that start a container's process and wait for its children. */
const inits = ["docker-init", "tini-static", "tini", "catatonit"];

/** Runs containers by a runtime of the machine, `runc` or `crun`. */
export class OciExecutor implements Executor {
  readonly name: string;
  readonly enforcesLimits = true;
  readonly cgroupVersion: "1" | "2" = isUnified() ? "2" : "1";
  readonly facts: readonly (readonly [string, string])[];
  /** The root file systems of containers. */
  readonly roots: FolderRoots;
  /** Mounts the file systems in memory that volumes are. */
  readonly memory: NamespaceMemory;
  readonly #options: OciExecutorOptions;
  readonly #keeps: boolean;
  readonly #namespaces: Namespaces;
  readonly #router: Router;
  readonly #sandboxes = new Map<string, OciSandbox>();

  private constructor(options: OciExecutorOptions, namespaces: Namespaces, runtime: Runtime, overlays: boolean) {
    this.#options = options;
    this.#namespaces = namespaces;
    this.#router = new Router(namespaces, join(options.folder, "relay.sock"), options.resolve);
    this.name = runtime.name;
    this.#keeps = runtime.keeps;
    this.roots = new FolderRoots(options.folder, namespaces, overlays);
    this.memory = new NamespaceMemory(namespaces);
    this.facts = [
      ["Executor", `oci: ${runtime.name} ${runtime.version} has run a container`],
      ["Root File Systems", overlays ? "overlay" : "copy"],
      ["Seccomp Profile", "none"],
    ];
  }

  /**
   * Opens the executor, and runs a container to see whether it works.
   *
   * @throws {@link UnavailableError} when it does not.
   */
  static async open(options: OciExecutorOptions): Promise<OciExecutor> {
    const { folder, outlives } = options;
    const reason = await missing();
    if (reason !== undefined) throw new UnavailableError(reason);
    const runtime = await findRuntime();
    if (!runtime) throw new UnavailableError("neither runc nor crun is installed");
    await rm(join(folder, "relay.sock"), { force: true });
    await rm(join(folder, COMMANDS), { recursive: true, force: true });
    for (const name of ["containers", "layers", "state", COMMANDS])
      await mkdir(join(folder, name), { recursive: true, mode: 0o711 });
    let namespaces: Namespaces;
    try {
      namespaces = await Namespaces.open({
        folder,
        outlives,
        prepare: preparation(runtime.name),
        abandon: setting(folder, runtime.name) + ABANDON,
      });
    } catch (error) {
      throw new UnavailableError(`namespaces cannot be created: ${String(error)}`, { cause: error });
    }
    const executor = new OciExecutor(options, namespaces, runtime, await canOverlay(folder, namespaces));
    const probeFolder = await mkdtemp(join(folder, "probe-"));
    const failure = await probe(probeFolder, `${PARENT}/probe-${process.pid}`, (args) => executor.#runtime(args));
    if (failure === undefined) return executor;
    await executor.close();
    throw new UnavailableError(`${runtime.name}: ${failure}`);
  }

  async start(spec: SandboxSpec): Promise<Sandbox> {
    const { id, host, process } = spec;
    checkSecurity(host);
    const folder = join(this.roots.folder, id, "run");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = MountedFiles.of(spec.root);
    const init = host.Init ? await this.#init() : undefined;
    const { tty } = process;
    const main = await processConfig(
      init === undefined ? process : { ...process, argv: ["/sbin/docker-init", "--", ...process.argv] },
      host,
      files,
      this.#options.report,
    );
    const cgroup = cgroupOf(id, host);
    const { endpoints, outside } = spec.network.kind === "own" ? spec.network : { endpoints: [], outside: undefined };
    await this.#router.prepare(endpoints);
    const config = ociConfig(spec, {
      root: this.roots.path(id),
      process: main,
      cgroup: cgroup.path,
      hidesCgroups: isUnified(),
      pidOf: (reference) => this.#pidOf(spec.idOf?.(reference) ?? reference),
      connect: this.#router.hook(endpoints, outside),
      init,
    });
    await writeFile(join(folder, "config.json"), config, { mode: 0o600 });
    const { shim } = await Shim.start({
      folder,
      enter: (command) => this.#namespaces.enter(command),
      runtime: this.name,
      keeps: this.#keeps,
      state: join(this.#options.folder, "state"),
      id,
      memoryEvents: cgroup.memoryEvents,
      terminal: tty ? (process.size ?? usualSize) : undefined,
      hasInput: spec.hasInput ?? false,
    });
    const pid = await shim.started();
    if (pid === undefined) {
      shim.stdin?.destroy();
      shim.stdout.destroy();
      shim.stderr?.destroy();
      throw await startFailure(join(folder, "log"), process.argv[0] ?? "");
    }
    const found = hostProcess(pid);
    const started: HostProcess = found ?? { pid, started: "" };
    await writeFile(join(folder, PROCESS), JSON.stringify(started), { mode: 0o600 });
    return this.#add(spec, { files, cgroup, shim, process: started });
  }

  async adopt(spec: AdoptedSpec): Promise<Sandbox | undefined> {
    const { id, host, network, tty, hasInput = false } = spec;
    const folder = join(this.roots.folder, id, "run");
    let process: HostProcess;
    try {
      process = JSON.parse(await readFile(join(folder, PROCESS), "utf8")) as HostProcess; // written above
    } catch {
      return undefined;
    }
    if (network.kind === "own") await this.#router.prepare(network.endpoints);
    const shim = new Shim(folder, tty, hasInput);
    return this.#add(spec, { files: MountedFiles.of(spec.root), cgroup: cgroupOf(id, host), shim, process });
  }

  async endStrays(): Promise<void> {
    const ids = await readdir(join(this.#options.folder, "state"));
    for (const id of ids) if (!this.#sandboxes.has(id)) await runCommand(this.#runtime(["delete", "-f", id]));
  }

  #add({ id, host, network }: Pick<SandboxSpec, "id" | "host" | "network">, run: RunParts): OciSandbox {
    const sandbox = new OciSandbox({
      id,
      host,
      network,
      router: this.#router,
      commands: join(this.#options.folder, COMMANDS),
      runtime: (args, size) => this.#runtime(args, size),
      report: this.#options.report,
      ...run,
    });
    this.#sandboxes.set(id, sandbox);
    void sandbox.main.exited.then(() => {
      if (this.#sandboxes.get(id) === sandbox) this.#sandboxes.delete(id);
    });
    return sandbox;
  }

  /** Removes what belongs to a network that was removed. */
  removeNetwork(network: string, gateways: readonly string[]): Promise<void> {
    return this.#router.remove(network, gateways);
  }

  #pidOf(id: string): number {
    const sandbox = this.#sandboxes.get(id);
    if (!sandbox) throw new StartError(`cannot join the namespaces of a non running container: ${id}`, 128);
    return sandbox.main.pid;
  }

  /** Returns the command that runs the runtime in the namespaces of the engine, on a terminal of its own if there is a size. */
  #runtime(args: readonly string[], size?: TerminalSize): string[] {
    const command = [this.name, "--root", join(this.#options.folder, "state"), ...args];
    if (!size) return this.#namespaces.enter(command);
    const line = `stty raw -echo rows ${size.rows} cols ${size.columns}; exec ${command.map(quote).join(" ")}`;
    return this.#namespaces.enter(["env", "SHELL=/bin/sh", "script", "-qefc", line, "/dev/null"]);
  }

  async #init(): Promise<string> {
    const { output } = await runCommand(["sh", "-c", `for name in ${inits.join(" ")}; do command -v $name && break; done`]);
    const path = output.trim();
    if (path === "") throw notSupported(`an init process needs one of ${inits.join(", ")} on the machine of the engine`);
    return path;
  }

  async close(): Promise<void> {
    const state = join(this.#options.folder, "state");
    await Promise.all([...this.#sandboxes.values()].map((sandbox) => sandbox.kill()));
    for (const id of await readdir(state)) await stateRemoved(join(state, id));
    await this.#router.close();
    removeParent();
    await this.#namespaces.close();
  }
}

/** Returns the control group of a container. */
function cgroupOf(id: string, { CgroupParent }: HostConfig): Cgroup {
  return new Cgroup(`${CgroupParent ? `/${CgroupParent.replace(/^\/+/, "")}` : PARENT}/${id}`);
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const setting = (folder: string, runtime: string): string => `FOLDER=${quote(folder)} RUNTIME=${runtime}`;

/** Returns the commands that make namespaces usable. Not even the engine's own network forwards between networks. */
function preparation(runtime: string): string {
  // crun refuses a hierarchy of version 2 beside those of version 1
  const hybrid = runtime === "crun" ? "! mountpoint -q /sys/fs/cgroup/unified || umount /sys/fs/cgroup/unified" : "";
  return `${hybrid}\nip link set lo up\necho 0 >/proc/sys/net/ipv4/ip_forward`;
}

/** Returns whether overlays can be mounted on the file system of a folder. */
async function canOverlay(folder: string, namespaces: Namespaces): Promise<boolean> {
  const place = await mkdtemp(join(folder, "overlay-"));
  const script =
    'cd "$1"; mkdir lower upper work root; mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,$2 root; umount root';
  const { code } = await namespaces.script(script, [place, OVERLAY_OPTIONS]);
  await rm(place, { recursive: true, force: true });
  return code === 0;
}
