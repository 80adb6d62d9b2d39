import { standardPrograms } from "../../../../../lib/engine/runtime/program/standard/index.js";
import { type Answer, type Case, linesOfCase } from "./case.js";
import { newFiles } from "./files.js";
import { contextOf, run } from "./harness.js";
import { wordsOf } from "./words.js";

/** Sorts the lines and words of programs that print files in the order in which a disk has them. */
const inOrder = (text: string, entry: Case): string =>
  linesOfCase(entry).some((line) => /^(?:find|du|grep -r|tar)/.test(line))
    ? text
        .split(/(?<=[\n\0 ])/)
        .map((word) => word.trim())
        .sort()
        .join("\n")
    : text;

/** Leaves out what the help of busybox says in its own words, and the sizes of disk blocks. */
export const comparable = ({ stdout, stderr, codes }: Answer, entry: Case): Answer => ({
  stdout: inOrder(stdout.replaceAll(/^total \d.*$/gm, "total"), entry),
  stderr: stderr.replaceAll(/^Usage: .*\n|^USAGE$/gm, ""),
  codes,
});

/** Runs a case with the programs of the package. */
export async function answerTo(entry: Case): Promise<Answer> {
  const files = await newFiles(entry.files);
  const answer: Answer = { stdout: "", stderr: "", codes: [] };
  for (const line of linesOfCase(entry)) {
    const argv = wordsOf(line);
    const program = standardPrograms[argv[0] ?? ""];
    if (!program) throw new Error(`no program ${String(argv[0])}`);
    const env = { PATH: "/bin", ...entry.env };
    const result = await run(program, contextOf(argv, files, { env, stdin: entry.stdin ?? "" }));
    answer.stdout += result.stdout;
    answer.stderr += result.stderr;
    answer.codes.push(result.code);
  }
  return answer;
}
