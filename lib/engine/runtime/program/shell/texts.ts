import type { FileSystem } from "../../../files/file-system.js";

/** What a shell prints about a child that a signal ended. */
export const signalTexts: Readonly<Record<string, string>> = {
  SIGHUP: "Hangup",
  SIGQUIT: "Quit",
  SIGILL: "Illegal instruction",
  SIGTRAP: "Trace/breakpoint trap",
  SIGABRT: "Aborted",
  SIGBUS: "Bus error",
  SIGFPE: "Floating point exception",
  SIGKILL: "Killed",
  SIGUSR1: "User defined signal 1",
  SIGSEGV: "Segmentation fault",
  SIGUSR2: "User defined signal 2",
  SIGALRM: "Alarm clock",
  SIGTERM: "Terminated",
};

/** Returns a word in quotes, if it needs them, so that a shell reads it as it is. */
export function quote(text: string, always = false): string {
  if (!always && /^[\w@%+=:,./-]+$/.test(text)) return text;
  const parts = text.split(/('+)/).filter((part) => part !== "");
  return parts.map((part) => (part.startsWith("'") ? `"${part}"` : `'${part}'`)).join("") || "''";
}

/** Returns the home directory of a user; undefined if there is no such user. */
export async function homeOf(files: FileSystem, user: string): Promise<string | undefined> {
  const content = await files.readFile("/etc/passwd").then(String, () => "");
  const row = content.split("\n").find((line) => line.startsWith(`${user}:`));
  return row?.split(":")[5];
}
