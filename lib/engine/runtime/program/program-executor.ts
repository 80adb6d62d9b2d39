import type { Clock } from "../../clock.js";
import type { Executor, Sandbox, SandboxSpec } from "../executor.js";
import type { ProgramNetwork } from "./connections.js";
import { noNetwork, ProgramSandbox } from "./program-sandbox.js";
import type { ProgramRegistry } from "./registry.js";

/** Process IDs outside the containers start above the largest that Linux assigns, so that they never name a process of the machine. */
const firstHostPid = 2 ** 22;

/** The settings of a {@link ProgramExecutor}. */
export interface ProgramExecutorOptions {
  /** Why the engine does not run real processes, if it would. */
  readonly reason?: string;
  /** The engine's clock. */
  readonly clock: Clock;
  /** The programs that containers can run. */
  readonly registry: ProgramRegistry;
  /** Returns what connects a container that starts. By default a container reaches only itself. */
  readonly network?: () => ProgramNetwork;
  /** Called with what the operator should know, such as a program that does not stop when it is killed. */
  readonly report?: (message: string) => void;
}

/** Runs containers whose processes are JavaScript functions. */
export class ProgramExecutor implements Executor {
  readonly name = "program";
  readonly enforcesLimits = false;
  readonly cgroupVersion = undefined;
  readonly facts;
  readonly #options: ProgramExecutorOptions;
  /** The running containers by ID. */
  readonly #sandboxes = new Map<string, ProgramSandbox>();
  #lastPid = firstHostPid;

  constructor(options: ProgramExecutorOptions) {
    this.#options = options;
    this.facts = [["Executor", options.reason === undefined ? "program" : `program: ${options.reason}`]] as const;
  }

  async start(spec: SandboxSpec): Promise<Sandbox> {
    const { clock, registry, network = () => noNetwork, report = () => undefined } = this.#options;
    const nextHostPid = (): number => ++this.#lastPid;
    const { network: own } = spec;
    // a container that joined the network of another one listens where that one does
    const ports = own.kind === "shared" ? this.#sandboxes.get(own.container)?.ports : undefined;
    const sandbox = await ProgramSandbox.start(spec, {
      clock,
      registry,
      network: network(),
      report,
      nextHostPid,
      ...(ports && { ports }),
    });
    this.#sandboxes.set(spec.id, sandbox);
    void sandbox.main.exited.then(() => {
      if (this.#sandboxes.get(spec.id) === sandbox) this.#sandboxes.delete(spec.id);
    });
    return sandbox;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sandboxes.values()].map((sandbox) => sandbox.kill()));
  }
}
