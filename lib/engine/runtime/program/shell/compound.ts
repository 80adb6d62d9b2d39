import type { Case, For, If, While } from "unbash";
import { setImmediate } from "../../../../wire/clock.js";
import { LoopDeparture, ShellError } from "./control.js";
import { matches } from "./pattern.js";
import type { RunOptions, Shell } from "./shell.js";
import { isName } from "./variables.js";

/** Runs `if`. */
export async function runIf(shell: Shell, node: If, options: RunOptions): Promise<number> {
  for (const branch of [node, ...node.elif])
    if ((await shell.tested(() => shell.list(branch.clause))) === 0) return shell.list(branch.then, options);
  return node.else ? shell.list(node.else, options) : 0;
}

/** Runs the body of a loop. Returns false when the loop ends. */
async function iterate(body: () => Promise<void>): Promise<boolean> {
  try {
    await body();
    return true;
  } catch (error) {
    if (!(error instanceof LoopDeparture)) throw error;
    if (--error.levels > 0) throw error;
    return error.kind === "continue";
  }
}

async function inLoop(shell: Shell, body: () => Promise<void>): Promise<void> {
  shell.state.loops++;
  try {
    await body();
  } finally {
    shell.state.loops--;
  }
}

/** Runs `while` and `until`. */
export async function runWhile(shell: Shell, node: While): Promise<number> {
  let status = 0;
  await inLoop(shell, async () => {
    let more = true;
    while (more)
      more = await iterate(async () => {
        const test = await shell.tested(() => shell.list(node.clause));
        if ((test === 0) !== (node.kind === "while")) throw new LoopDeparture("break", 1);
        status = await shell.list(node.body);
        // a loop of builtins must not keep the engine from anything else
        await shell.context.process.operation(() => new Promise<void>((resolve) => setImmediate(resolve)));
      });
  });
  return status;
}

/** Runs `for`. */
export async function runFor(shell: Shell, node: For): Promise<number> {
  const { value: name } = node.name;
  if (!isName(name)) throw new ShellError("syntax error: bad for loop variable");
  const values = node.wordlist ? await shell.expander.fields(node.wordlist) : [...shell.state.positional];
  let status = 0;
  await inLoop(shell, async () => {
    for (const value of values) {
      const more = await iterate(async () => {
        shell.state.variables.set(name, value);
        status = await shell.list(node.body);
      });
      if (!more) break;
    }
  });
  return status;
}

/** Runs `case`. */
export async function runCase(shell: Shell, node: Case, options: RunOptions): Promise<number> {
  const text = await shell.expander.text(node.word);
  for (const item of node.items) {
    if (item.terminator !== undefined && item.terminator !== ";;")
      throw new ShellError(`syntax error: unexpected "${item.terminator.slice(1)}"`);
    for (const pattern of item.pattern)
      if (matches(await shell.expander.pattern(pattern), text)) return shell.list(item.body, options);
  }
  return 0;
}
