import { posix } from "node:path";
import type { AndOr, CommandNode, CompoundList, ParsedScript, PipelineNode, Redirected, Statement } from "unbash";
import { Changes } from "../../../changes.js";
import { StartError } from "../../executor.js";
import type { Descriptor } from "../descriptor.js";
import { DescriptorError } from "../descriptor.js";
import { NullDevice } from "../devices.js";
import { Pipe } from "../pipe.js";
import { type ForkedProcess, ProcessContext } from "../process-context.js";
import { defaultAction } from "../signals.js";
import { builtins } from "./builtins/index.js";
import { runCommand } from "./command.js";
import { runCase, runFor, runIf, runWhile } from "./compound.js";
import { evaluateTest } from "./conditions.js";
import { ExitDeparture, InterruptDeparture, LoopDeparture, refuse, ReturnDeparture, ShellError } from "./control.js";
import { Expander } from "./expander.js";
import type { ExpansionHost } from "./expansion-host.js";
import { matchingPaths } from "./glob.js";
import { checkScript, parseSource } from "./parser.js";
import { andOr } from "./pipeline.js";
import { Redirections } from "./redirections.js";
import type { RunOptions, Shell } from "./shell.js";
import { isSpecialParameter, parameterOf } from "./special-parameters.js";
import { deepest, type SavedDescriptors, type ShellState, standardDescriptors } from "./state.js";
import { homeOf, signalTexts } from "./texts.js";

/** Runs the commands of a shell. */
export class Interpreter implements Shell {
  readonly context: ProcessContext;
  readonly state: ShellState;
  readonly expander: Expander;
  readonly redirections: Redirections;
  readonly builtins = builtins;
  /** Wakes `wait` when a signal with a trap arrives. */
  readonly trapped = new Changes();
  /** The name of the builtin that runs; its errors begin with it. */
  builtin: string | undefined;
  /** Status of the last command substitution of the command; undefined if there was none. */
  substitutionStatus: number | undefined;
  /** Whether it reads commands from a terminal. */
  interactive = false;
  /** Whether `^C` was typed: then the line that runs is given up. */
  #interrupted = false;
  readonly #pending: string[] = [];

  constructor(context: ProcessContext, state: ShellState) {
    this.context = context;
    this.state = state;
    this.expander = new Expander(this);
    this.redirections = new Redirections(context, state, this.expander);
  }

  // what expansions need

  get positional(): readonly string[] {
    return this.state.positional;
  }

  get nounset(): boolean {
    return this.state.options.has("nounset");
  }

  get noglob(): boolean {
    return this.state.options.has("noglob");
  }

  parameter(name: string): string | undefined {
    return isSpecialParameter(name) ? parameterOf(this.state, name) : this.state.variables.get(name);
  }

  assign(name: string, value: string): void {
    this.state.variables.set(name, value);
  }

  async home(user: string): Promise<string | undefined> {
    return user === "" ? this.state.variables.get("HOME") : homeOf(this.context.files, user);
  }

  async matchingPaths(pattern: Parameters<ExpansionHost["matchingPaths"]>[0]): Promise<string[]> {
    return matchingPaths(this.context.files, this.state.cwd, pattern);
  }

  async substitute(script: ParsedScript): Promise<string> {
    checkScript(script);
    const pipe = new Pipe();
    const child = this.fork((shell) => shell.statements(script.commands, { last: true }), new Map([[1, pipe.writer]]));
    const chunks: Buffer[] = [];
    for (let data = await this.read(pipe.reader); data; data = await this.read(pipe.reader)) chunks.push(data);
    pipe.reader.release();
    this.substitutionStatus = await child.exited;
    return Buffer.concat(chunks).toString().replaceAll("\0", "").replace(/\n+$/, "");
  }

  // input and output

  /** Writes to a descriptor of the shell. */
  async write(number: number, text: string | Uint8Array): Promise<void> {
    const descriptor = this.state.descriptors.get(number);
    if (!descriptor) throw new DescriptorError("EBADF");
    await this.context.process.write(descriptor, typeof text === "string" ? Buffer.from(text) : text);
  }

  /** Reads from a descriptor. */
  async read(descriptor: Descriptor): Promise<Buffer | undefined> {
    return this.context.process.operation((signal) => descriptor.read(signal));
  }

  /** Prints an error. */
  async report(message: string): Promise<void> {
    const file = this.state.scriptFile;
    const line = this.interactive || (file === undefined && this.builtin === undefined) ? "" : `line ${this.state.line}: `;
    const builtin = this.builtin === undefined ? "" : `${this.builtin}: `;
    await this.write(2, `${this.state.name}: ${builtin}${line}${message}\n`).catch((error: unknown) => {
      if (!(error instanceof DescriptorError)) throw error;
    });
  }

  // processes

  /**
   * Runs something in a subshell.
   *
   * @param replaced - descriptors that the subshell has in place of the shell's. It takes over their holders.
   */
  fork(
    body: (shell: Shell) => Promise<number>,
    replaced: ReadonlyMap<number, Descriptor> = new Map(),
    background = false,
  ): ForkedProcess {
    const state = this.state.fork();
    for (const [number, descriptor] of replaced) state.setDescriptor(number, descriptor);
    const ignored = background && !this.interactive ? ["SIGINT", "SIGQUIT"] : [];
    const start = (): ForkedProcess =>
      this.context.fork(
        async (context) => {
          if (!(context instanceof ProcessContext)) throw new TypeError("a subshell runs only in a process");
          const shell = new Interpreter(context, state);
          return shell.run(() => body(shell));
        },
        [this.state.name, ...this.context.argv.slice(1)],
        {
          env: this.state.variables.environment(),
          cwd: this.state.cwd,
          descriptors: standardDescriptors(state),
          ignored: [...this.context.process.ignored, ...ignored],
          foreground: !background,
        },
      );
    let child: ForkedProcess;
    try {
      child = start();
    } catch (error) {
      state.releaseDescriptors();
      throw error instanceof StartError ? new ShellError(error.message) : error;
    }
    // a shell that was killed cannot do it itself
    void child.exited.then(() => state.releaseDescriptors());
    return child;
  }

  /** Runs a shell to its end: `exit`, errors and the trap of `EXIT`. Returns the exit code. */
  async run(body: () => Promise<number>): Promise<number> {
    this.context.process.disown();
    let code = await this.#guarded(body);
    const command = this.state.traps.get("EXIT");
    this.state.traps.delete("EXIT");
    if (command !== undefined && command !== "") {
      this.state.status = code;
      code = await this.#guarded(async () => {
        await this.evaluate(command);
        return code;
      });
    }
    return code;
  }

  async #guarded(body: () => Promise<number>): Promise<number> {
    try {
      return await body();
    } catch (error) {
      if (error instanceof ExitDeparture || error instanceof ReturnDeparture) return error.code;
      if (error instanceof LoopDeparture) return 0;
      if (!(error instanceof ShellError)) throw error;
      await this.report(error.message);
      return error.code;
    }
  }

  // signals

  /** Sets the trap of a signal: a command, `""` to ignore it, or undefined for the default action. */
  setTrap(signal: string, command: string | undefined): void {
    if (command === undefined) this.state.traps.delete(signal);
    else this.state.traps.set(signal, command);
    if (signal === "EXIT" || signal === "SIGKILL" || signal === "SIGSTOP") return;
    if (command === undefined) this.context.onSignal(signal, "default");
    else if (command === "") this.context.onSignal(signal, "ignore");
    else
      this.context.onSignal(signal, (name) => {
        if (defaultAction(name) === "ignore" && name === "SIGCHLD") return;
        this.#pending.push(name);
        this.trapped.wake();
      });
  }

  /** Whether a signal with a trap has arrived. */
  get hasPendingTraps(): boolean {
    return this.#pending.length > 0;
  }

  /** The signal that arrived first. */
  get firstPending(): string | undefined {
    return this.#pending[0];
  }

  /** Runs the traps of the signals that have arrived. They do not change `$?`. */
  async runTraps(): Promise<void> {
    for (let name = this.#pending.shift(); name !== undefined; name = this.#pending.shift()) {
      const { status } = this.state;
      await this.evaluate(this.state.traps.get(name) ?? "");
      this.state.status = status;
    }
  }

  /** Notes that `^C` was typed. */
  interrupt(): void {
    this.#interrupted = true;
  }

  /** Returns whether `^C` was typed since the last call. */
  takeInterrupt(): boolean {
    const interrupted = this.#interrupted;
    this.#interrupted = false;
    return interrupted;
  }

  // commands

  /** Runs a script. */
  async evaluate(source: string, options: RunOptions = {}): Promise<number> {
    const { statements, error } = parseSource(source);
    if (this.state.depth >= deepest) throw new ShellError("too many nested scripts");
    this.state.depth++;
    try {
      const status = await this.statements(statements, error ? {} : options, source);
      if (error) throw error;
      return status;
    } finally {
      this.state.depth--;
    }
  }

  /** Runs statements one after the other. */
  async statements(statements: readonly Statement[], { last = false }: RunOptions = {}, source?: string): Promise<number> {
    let status = 0;
    for (const [index, statement] of statements.entries()) {
      if (this.state.options.has("noexec") && !this.interactive) continue;
      if (source !== undefined)
        this.state.line = source.slice(0, statement.pos).split("\n").length - (this.state.scriptFile === undefined ? 1 : 0);
      const final = last && index === statements.length - 1;
      if (statement.background) status = this.#background(statement.command);
      else status = await andOr(this, statement.command, { last: final });
      this.state.status = status;
      if (this.hasPendingTraps) await this.runTraps();
      if (this.#interrupted) throw new InterruptDeparture();
    }
    return status;
  }

  /** Runs a list. */
  async list(list: CompoundList, options: RunOptions = {}): Promise<number> {
    return this.statements(list.commands, options);
  }

  /** Runs something whose status is tested, so that `set -e` does not exit. */
  async tested(body: () => Promise<number>): Promise<number> {
    this.state.conditions++;
    try {
      return await body();
    } finally {
      this.state.conditions--;
    }
  }

  /** Exits if a command failed and `set -e` is set. */
  checkFailure(status: number): number {
    this.state.status = status;
    if (status !== 0 && this.state.conditions === 0 && this.state.options.has("errexit")) throw new ExitDeparture(status);
    return status;
  }

  #background(command: PipelineNode | AndOr): number {
    // a job that nobody can bring to the foreground must not take the input of the shell
    const stdin = new Map<number, Descriptor>(this.interactive ? [] : [[0, new NullDevice()]]);
    const process = this.fork((shell) => andOr(shell, command, { last: true }), stdin, true);
    const job = { process, code: undefined as number | undefined };
    this.state.jobs.set(process.pid, job);
    void process.exited.then((code) => (job.code = code));
    this.state.lastBackground = process.pid;
    return 0;
  }

  /** Waits for a child in the foreground, and prints how a signal ended it. */
  async finished(child: ForkedProcess): Promise<number> {
    const code = await this.context.process.operation(() => child.exited);
    const signal = child.killedBy();
    if (signal !== undefined) await this.reportSignal(signal);
    return code;
  }

  /** Prints how a signal ended a child. */
  async reportSignal(signal: string): Promise<void> {
    const text = signalTexts[signal];
    if (text !== undefined) await this.write(2, `${text}\n`).catch(() => undefined);
  }

  /** Runs a command of a pipeline. */
  async command(node: CommandNode, options: RunOptions = {}): Promise<number> {
    switch (node.type) {
      case "Command":
        return runCommand(this, node, options);
      case "Redirected":
        return this.#redirected(node, options);
      case "Function":
        this.state.functions.set(node.name.value, { body: node.body });
        return 0;
      case "BraceGroup":
        return this.list(node.body, options);
      case "Subshell":
        return this.checkFailure(await this.finished(this.fork((shell) => shell.list(node.body, { last: true }))));
      case "If":
        return runIf(this, node, options);
      case "While":
        return runWhile(this, node);
      case "For":
        return runFor(this, node);
      case "Case":
        return runCase(this, node, options);
      case "TestCommand":
        return this.checkFailure((await evaluateTest(this, node.expression)) ? 0 : 1);
      case "ArithmeticFor":
        throw new ShellError("syntax error: bad for loop variable");
      case "ArithmeticCommand":
        return refuse("((…))");
      case "Select":
        return refuse("select");
      case "Coproc":
        return refuse("coproc");
    }
  }

  async #redirected(node: Redirected, options: RunOptions): Promise<number> {
    let saved: SavedDescriptors;
    try {
      saved = await this.redirections.apply(node.redirects);
    } catch (error) {
      if (!(error instanceof ShellError) || error.fatal) throw error;
      await this.report(error.message);
      return this.checkFailure(error.code);
    }
    try {
      return await this.command(node.command, options);
    } finally {
      saved.restore();
    }
  }

  /** Returns an absolute path. */
  resolve(path: string): string {
    return posix.resolve(this.state.cwd, path);
  }
}
