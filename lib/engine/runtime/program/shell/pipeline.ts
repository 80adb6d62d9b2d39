import type { AndOr, Pipeline, PipelineNode } from "unbash";
import type { Descriptor } from "../descriptor.js";
import { Pipe } from "../pipe.js";
import type { ForkedProcess } from "../process-context.js";
import { ShellError } from "./control.js";
import type { RunOptions, Shell } from "./shell.js";

/** Runs pipelines that are connected by `&&` and `||`. */
export async function andOr(shell: Shell, node: PipelineNode | AndOr, options: RunOptions): Promise<number> {
  if (node.type !== "AndOr") return runPipeline(shell, node, options);
  let status = 0;
  for (const [index, command] of node.commands.entries()) {
    const operator = node.operators[index - 1];
    if ((operator === "&&" && status !== 0) || (operator === "||" && status === 0)) continue;
    const final = index === node.commands.length - 1;
    status = final ? await runPipeline(shell, command, options) : await shell.tested(() => runPipeline(shell, command, {}));
    shell.state.status = status;
  }
  return status;
}

/** Runs a pipeline, or the command that stands for one. */
async function runPipeline(shell: Shell, node: PipelineNode, options: RunOptions): Promise<number> {
  if (node.type !== "Pipeline") return shell.command(node, options);
  const negated = node.prefixes.filter(({ type }) => type === "Negation").length % 2 === 1;
  if (node.operators.includes("|&")) throw new ShellError('syntax error: unexpected "&"');
  if (node.prefixes.some(({ type }) => type === "Time")) return timed(shell, node);
  const run = (): Promise<number> => {
    const [only] = node.commands;
    return node.commands.length === 1 && only ? shell.command(only, negated ? {} : options) : connected(shell, node);
  };
  if (negated) return (await shell.tested(run)) === 0 ? 1 : 0;
  const status = await run();
  return node.commands.length > 1 ? shell.checkFailure(status) : status;
}

async function timed(shell: Shell, node: Pipeline): Promise<number> {
  const from = shell.context.clock.now();
  const status = await runPipeline(shell, { ...node, prefixes: node.prefixes.filter(({ type }) => type !== "Time") }, {});
  const seconds = Number(shell.context.clock.now() - from) / 1e9;
  const text = `${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s`;
  await shell.write(2, `real\t${text}\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
  return status;
}

async function connected(shell: Shell, node: Pipeline): Promise<number> {
  const children: ForkedProcess[] = [];
  let input: Descriptor | undefined;
  for (const [index, command] of node.commands.entries()) {
    const pipe = index < node.commands.length - 1 ? new Pipe() : undefined;
    const replaced = new Map<number, Descriptor>();
    if (input) replaced.set(0, input);
    if (pipe) replaced.set(1, pipe.writer);
    children.push(shell.fork((child) => child.command(command, { last: true }), replaced));
    input = pipe?.reader;
  }
  const statuses = await Promise.all(children.map((child) => shell.finished(child)));
  const failed = statuses.filter((status) => status !== 0).at(-1);
  return (shell.state.options.has("pipefail") ? failed : statuses.at(-1)) ?? 0;
}
