import { readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { deviceNumbers } from "../../../archive/file-source.js";
import type { HostConfig } from "../../../types/host-config.js";
import { deviceRule } from "../../containers/check-start.js";
import { StartError } from "../executor.js";

/** A rule for the use of devices. */
interface DeviceRule {
  readonly allow: boolean;
  readonly type?: string;
  readonly major?: number;
  readonly minor?: number;
  readonly access: string;
}

/** A device that a container has. */
interface DeviceNode {
  readonly path: string;
  readonly type: string;
  readonly major: number;
  readonly minor: number;
  readonly fileMode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The devices of a container, and which it may use. */
export interface OciDevices {
  readonly nodes: DeviceNode[];
  readonly rules: DeviceRule[];
}

/** What every container may use: null, zero, full, random, urandom, tty, console, ptmx and terminals; and making nodes. */
const usual: readonly DeviceRule[] = [
  { allow: false, access: "rwm" },
  { allow: true, type: "c", access: "m" },
  { allow: true, type: "b", access: "m" },
  ...[
    [1, 3],
    [1, 5],
    [1, 7],
    [1, 8],
    [1, 9],
    [5, 0],
    [5, 1],
    [5, 2],
  ].map(([major = 0, minor = 0]) => ({
    allow: true,
    type: "c",
    major,
    minor,
    access: "rwm",
  })),
  { allow: true, type: "c", major: 136, access: "rwm" },
];

function nodeOf(stats: Stats, path: string): DeviceNode | undefined {
  const type = stats.isCharacterDevice() ? "c" : stats.isBlockDevice() ? "b" : undefined;
  if (type === undefined) return undefined;
  const [major, minor] = deviceNumbers(stats.rdev);
  return { path, type, major, minor, fileMode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
}

/** Finds the devices below a folder of the machine, but not terminals and what containers have of their own. */
function below(folder: string, destination: string): DeviceNode[] {
  const own = new Set(["pts", "shm", "fd", "mqueue", ".lxc", "console"]);
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): DeviceNode[] => {
    if (own.has(entry.name)) return [];
    const [source, path] = [join(folder, entry.name), join(destination, entry.name)];
    if (entry.isDirectory()) return below(source, path);
    if (entry.isSymbolicLink()) return [];
    const node = nodeOf(statSync(source), path);
    return node ? [node] : [];
  });
}

function mapped(source: string, destination: string): DeviceNode[] {
  const stats = statSync(source);
  if (stats.isDirectory()) return below(source, destination);
  const node = nodeOf(stats, destination);
  if (!node)
    throw new StartError(
      `error gathering device information while adding custom device ${JSON.stringify(source)}: not a device node`,
      128,
    );
  return [node];
}

/** Parses a rule such as `c 1:3 rwm`. */
function parseRule(text: string): DeviceRule {
  const [, type = "", major = "", minor = "", access = ""] = deviceRule.exec(text) ?? [];
  const number = (name: string, value: string): object => (value === "*" ? {} : { [name]: Number(value) });
  return { allow: true, type, ...number("major", major), ...number("minor", minor), access };
}

/** Returns the devices of a container, whose settings were checked before. @throws {@link StartError} when one is no device. */
export function devicesOf({ Devices, DeviceCgroupRules, Privileged }: HostConfig): OciDevices {
  if (Privileged) return { nodes: below("/dev", "/dev"), rules: [{ allow: true, access: "rwm" }] };
  const nodes: DeviceNode[] = [];
  const rules = [...usual];
  for (const { PathOnHost, PathInContainer, CgroupPermissions } of Devices ?? []) {
    for (const node of mapped(PathOnHost, PathInContainer || PathOnHost)) {
      nodes.push(node);
      rules.push({ allow: true, type: node.type, major: node.major, minor: node.minor, access: CgroupPermissions || "rwm" });
    }
  }
  return { nodes, rules: [...rules, ...(DeviceCgroupRules ?? []).map(parseRule)] };
}
