import { readFile } from "node:fs/promises";
import { NOT_A_DIRECTORY, StartError } from "../executor.js";

/** Returns the last error in the log of a runtime. */
async function lastMessage(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  for (const line of text.trim().split("\n").reverse()) {
    try {
      const { level, msg = "" } = JSON.parse(line) as { level?: string; msg?: string };
      if (msg !== "" && (level === undefined || level === "error" || level === "fatal")) return msg;
    } catch {
      // crun writes some lines as text
      if (line !== "") return line;
    }
  }
  return "";
}

/** The beginning of messages that says which of its steps the runtime was at, which the engine says in its own words. */
const steps =
  /^(?:(?:runc|crun) (?:create|run|exec) failed: |exec failed: |unable to start container process: |container_linux\.go:\d+: \S+ container process caused: )+/;

/** What crun says of a program, in the words of runc, which clients know. */
function inWordsOfRunc(message: string, program: string): string {
  const name = JSON.stringify(program);
  if (/executable file `.*` not found/.test(message))
    return program.includes("/")
      ? `exec: ${name}: stat ${program}: no such file or directory`
      : `exec: ${name}: executable file not found in $PATH`;
  const [, reason] = /^open executable: (.+)$/.exec(message) ?? [];
  return reason === undefined ? message : `exec: ${name}: ${reason.toLowerCase()}`;
}

/**
 * Returns why a runtime did not start a process.
 *
 * @param log - path of its log.
 * @param program - the program that it should start.
 */
export async function startFailure(log: string, program: string): Promise<StartError> {
  const message = inWordsOfRunc((await lastMessage(log)).replace(steps, "").trim(), program);
  if (/executable file not found in|no such file or directory/i.test(message)) {
    const text = /^(exec: |chdir|error mounting)/.test(message) ? message : `exec: ${JSON.stringify(program)}: ${message}`;
    return new StartError(text, 127);
  }
  if (/not a directory$/i.test(message)) return new StartError(message.replace(/not a directory$/i, NOT_A_DIRECTORY), 127);
  if (/permission denied|is a directory|operation not permitted|exec format error/i.test(message))
    return new StartError(message, 126);
  return new StartError(message || "the runtime did not say why", 128);
}
