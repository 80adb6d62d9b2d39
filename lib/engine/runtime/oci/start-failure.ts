import { readFile } from "node:fs/promises";
import { StartError } from "../executor.js";

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

/**
 * Returns why a runtime did not start a process.
 *
 * @param log - path of its log.
 * @param program - the program that it should start.
 */
export async function startFailure(log: string, program: string): Promise<StartError> {
  const message = (await lastMessage(log)).replace(steps, "").trim();
  if (/executable file not found in|executable file `.*` not found|no such file or directory/i.test(message)) {
    const text = /^(exec: |chdir|error mounting)/.test(message) ? message : `exec: ${JSON.stringify(program)}: ${message}`;
    return new StartError(text, 127);
  }
  if (/permission denied|is a directory|operation not permitted|exec format error/i.test(message))
    return new StartError(message, 126);
  return new StartError(message || "the runtime did not say why", 128);
}
