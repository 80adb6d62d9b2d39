import type { FileSystem } from "../files/file-system.js";
import type { ProcessSpec, TerminalSize } from "../runtime/executor.js";
import type { ContainerRecord } from "./record.js";

/** The search path of containers whose image sets none. */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Parses `NAME=value` lines. A name without a value is left out, as Docker does it. */
export function environment(lines: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of lines) {
    const equals = line.indexOf("=");
    if (equals > 0) found[line.slice(0, equals)] = line.slice(equals + 1);
  }
  return found;
}

/**
 * Returns the environment of a container's processes.
 *
 * @param linked - the lines that describe the containers to which it has links.
 */
export function containerEnvironment(
  { config }: ContainerRecord,
  tty: boolean,
  linked: readonly string[],
): Record<string, string> {
  return {
    PATH: DEFAULT_PATH,
    HOSTNAME: config.Hostname ?? "",
    ...(tty ? { TERM: "xterm" } : {}),
    ...environment(linked),
    ...environment(config.Env ?? []),
  };
}

/** Returns the first process of a container, and creates its working directory. */
export async function mainProcess(
  record: ContainerRecord,
  files: FileSystem,
  { size, linked }: { size: TerminalSize | undefined; linked: readonly string[] },
): Promise<ProcessSpec> {
  const { config, hostConfig } = record;
  const cwd = config.WorkingDir || "/";
  if (!(await files.exists(cwd))) await files.makeDirectory(cwd, { mode: 0o755, parents: true });
  const tty = config.Tty ?? false;
  return {
    argv: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])],
    env: containerEnvironment(record, tty, linked),
    cwd,
    user: config.User ?? "",
    tty,
    ...(size ? { size } : {}),
    ...(hostConfig.Privileged ? { privileged: true } : {}),
  };
}
