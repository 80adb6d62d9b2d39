import type { ContainerTopResponse } from "../../../types/container-results.js";

/** A process in a container. A property is undefined if the output of `ps` has no matching column. @category Containers */
export interface ProcessEntry {
  /** Process ID on the engine's host, not the one inside the container. */
  pid: number | undefined;
  /** Parent process ID on the engine's host. */
  ppid: number | undefined;
  /** User name or ID on the engine's host. */
  user: string | undefined;
  /** Command and arguments. */
  command: string | undefined;
  /** Control groups. A comma-separated list with cgroup v1, such as `9:memory:/docker/…,8:cpu:/docker/…`. */
  cgroup: string | undefined;
  /** Values of all other columns by title, and values that are invalid for the properties above. */
  fields: Record<string, string>;
}

/** Column titles in different versions of `ps`, with the matching property. */
const members: Readonly<Record<string, Exclude<keyof ProcessEntry, "fields">>> = {
  PID: "pid",
  PPID: "ppid",
  UID: "user",
  USER: "user",
  CMD: "command",
  COMMAND: "command",
  CGROUP: "cgroup",
};

/** Splits lines into columns if the engine did not. For some arguments, Podman returns whole lines. */
function inColumns(top: ContainerTopResponse): ContainerTopResponse {
  const [line = "", ...more] = top.Titles;
  const Titles = line.trim().split(/\s+/);
  if (more.length > 0 || Titles.length === 1) return top;
  const Processes = top.Processes.map(([row = ""]) => {
    const words = row.split(/\s+/).filter((word) => word !== "");
    const command = words.splice(Titles.length - 1).join(" ");
    return command === "" ? words : [...words, command];
  });
  return { Titles, Processes };
}

/**
 * Parses the rows of {@link Client.topContainer} by column title.
 *
 * @param top - the titles and rows; a row may have fewer columns than there are titles.
 * @category Containers
 */
export function processEntries(top: ContainerTopResponse): ProcessEntry[] {
  const { Titles, Processes } = inColumns(top);
  return Processes.map((row) => {
    const entry: ProcessEntry = {
      pid: undefined,
      ppid: undefined,
      user: undefined,
      command: undefined,
      cgroup: undefined,
      fields: {},
    };
    for (const [column, text] of row.entries()) {
      const title = Titles[column] ?? `column ${column + 1}`;
      const member = Object.hasOwn(members, title.toUpperCase()) ? members[title.toUpperCase()] : undefined;
      if (member === undefined || entry[member] !== undefined) entry.fields[title] = text;
      else if (member !== "pid" && member !== "ppid") entry[member] = text;
      else if (/^\d+$/.test(text)) entry[member] = Number(text);
      else entry.fields[title] = text;
    }
    return entry;
  });
}
