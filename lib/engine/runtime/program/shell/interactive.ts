import { Departure, ExitDeparture, ShellError } from "./control.js";
import { parseSource } from "./parser.js";
import type { Shell } from "./shell.js";

/** Returns a prompt: the escape sequences stand for the folder, the host, the user and `#` for root. */
function promptOf(shell: Shell, name: "PS1" | "PS2"): string {
  const { context, state } = shell;
  const prompt = shell.parameter(name) ?? (name === "PS1" ? "\\w \\$ " : "> ");
  const home = shell.parameter("HOME");
  const folder =
    home !== undefined && home !== "/" && state.cwd.startsWith(home) ? `~${state.cwd.slice(home.length)}` : state.cwd;
  const values: Readonly<Record<string, string>> = {
    w: folder,
    W: folder.split("/").at(-1) || "/",
    h: context.hostname,
    u: shell.parameter("USER") ?? (context.user.uid === 0 ? "root" : String(context.user.uid)),
    $: context.user.uid === 0 ? "#" : "$",
    n: "\n",
    e: "\x1b",
    "[": "",
    "]": "",
  };
  return prompt.replace(/\\([wWhu$ne[\]])/g, (_all, letter: string) => values[letter] ?? "");
}

/** Reads a line from the terminal. `^C` gives up what was typed: then the result is null; undefined is the end of input. */
async function readLine(shell: Shell, interrupt: AbortSignal): Promise<string | undefined | null> {
  const descriptor = shell.state.descriptors.get(0);
  if (!descriptor) return undefined;
  try {
    const line = await shell.context.process.operation((signal) =>
      descriptor.readLine(signal ? AbortSignal.any([signal, interrupt]) : interrupt),
    );
    return line && String(line);
  } catch (error) {
    if (interrupt.aborted && !shell.context.process.hasEnded) return null;
    throw error;
  }
}

async function runLine(shell: Shell, source: string): Promise<void> {
  try {
    await shell.evaluate(source);
  } catch (error) {
    if (error instanceof ExitDeparture) throw error;
    if (error instanceof ShellError) {
      shell.state.status = error.code;
      await shell.report(error.message);
    } else if (!(error instanceof Departure)) throw error;
    shell.state.conditions = 0;
    shell.state.loops = 0;
  }
}

/** Runs the commands that are typed on a terminal. */
export async function runInteractive(shell: Shell): Promise<number> {
  shell.interactive = true;
  let interrupt = new AbortController();
  shell.context.onSignal("SIGINT", () => {
    shell.interrupt();
    interrupt.abort();
  });
  shell.context.onSignal("SIGTERM", "ignore");
  shell.context.onSignal("SIGQUIT", "ignore");
  let typed = "";
  for (;;) {
    shell.takeInterrupt();
    interrupt = new AbortController();
    await shell.write(2, promptOf(shell, typed === "" ? "PS1" : "PS2"));
    const line = await readLine(shell, interrupt.signal);
    if (line === undefined) return typed === "" ? shell.state.status : shell.evaluate(typed);
    if (line === null) {
      typed = "";
      shell.state.status = 130;
      await shell.write(2, "\n");
      continue;
    }
    typed += line;
    if (parseSource(typed).incomplete || /(?<!\\)(?:\\\\)*\\\n$/.test(typed)) continue;
    const source = typed;
    typed = "";
    await runLine(shell, source);
    if (shell.takeInterrupt()) await shell.write(2, "\n");
  }
}
