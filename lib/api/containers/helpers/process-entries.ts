import type { ContainerTopResponse } from "../../../types/container-results.js";

/** A process of a container. What the columns do not tell is undefined. @category Containers */
export interface ProcessEntry {
  /** ID of the process on the engine's host, which is neither that within the container nor one of this machine. */
  pid: number | undefined;
  /** ID of its parent on the engine's host. */
  ppid: number | undefined;
  /** Its user, by name or number, as the engine's host knows them. */
  user: string | undefined;
  /** Its command with the arguments. */
  command: string | undefined;
  /** Its control groups. With version 1 of them a list, such as `9:memory:/docker/…,8:cpu:/docker/…`. */
  cgroup: string | undefined;
  /** The other columns by their title, and those whose text is not what it should be. */
  fields: Record<string, string>;
}

/** The titles that versions of `ps` give to what an entry holds. */
const members: Readonly<Record<string, Exclude<keyof ProcessEntry, "fields">>> = {
  PID: "pid",
  PPID: "ppid",
  UID: "user",
  USER: "user",
  CMD: "command",
  COMMAND: "command",
  CGROUP: "cgroup",
};

/** Splits lines into columns where an engine has left that to others, as Podman does with some arguments. */
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
 * Reads the rows of {@link Client.topContainer} by the titles of their columns.
 *
 * @param top - titles and rows; rows may be short.
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
