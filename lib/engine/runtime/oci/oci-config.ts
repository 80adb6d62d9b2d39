import type { HostConfig } from "../../../types/host-config.js";
import { notSupported } from "../../engine-error.js";
import type { SandboxSpec } from "../executor.js";
import { devicesOf } from "./devices.js";
import { ociResources, UNLIMITED } from "./limits.js";
import { type OciMount, ociMounts } from "./oci-mounts.js";

/** Where commands are looked for that connect containers. */
const SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What a configuration says besides what the container asks for. */
export interface BundleFacts {
  /** The path of its root. */
  readonly root: string;
  /** Its first process. */
  readonly process: object;
  /** Path of its cgroup below those of each controller. */
  readonly cgroup: string;
  /** Whether it has a cgroup namespace of its own by default. */
  readonly hidesCgroups: boolean;
  /** Returns the process ID of a container that runs. */
  readonly pidOf: (reference: string) => number;
  /** The command that connects its network, if it has one. */
  readonly connect: readonly string[] | undefined;
  /** The program that starts the process and waits for its children, if the container asks for one. */
  readonly init: string | undefined;
}

/** What `container:…` refers to; undefined for other modes. */
const sharedWith = (mode: string | undefined): string | undefined =>
  mode?.startsWith("container:") ? mode.slice("container:".length) : undefined;

/** Returns the security options that the machine's runtimes cannot apply. @throws an {@link EngineError} with status 501. */
export function checkSecurity({ SecurityOpt }: HostConfig): void {
  for (const option of SecurityOpt ?? []) {
    const [name = "", value = ""] = option.split(/[=:]/, 2);
    const isKnown = name === "no-new-privileges" || (name === "label" && value === "disable") || value === "unconfined";
    if (isKnown || (name === "seccomp" && value === "builtin") || name === "systempaths") continue;
    throw notSupported(`the oci executor does not apply the security option ${JSON.stringify(option)}`);
  }
}

function namespaces({ host, network }: SandboxSpec, { hidesCgroups, pidOf }: BundleFacts): object[] {
  const all: object[] = [{ type: "mount" }];
  const add = (type: string, kernel: string, mode: string | undefined): void => {
    const shared = sharedWith(mode);
    if (shared !== undefined) all.push({ type, path: `/proc/${pidOf(shared)}/ns/${kernel}` });
    else if (mode !== "host") all.push({ type });
  };
  add("pid", "pid", host.PidMode);
  add("ipc", "ipc", host.IpcMode);
  add("uts", "uts", network.kind === "host" ? "host" : host.UTSMode);
  add("network", "net", network.kind === "shared" ? `container:${network.container}` : network.kind === "host" ? "host" : "");
  if (hidesCgroups && host.CgroupnsMode !== "host") all.push({ type: "cgroup" });
  return all;
}

/** Writes the configuration of a container as runtimes read it. */
export function ociConfig(spec: SandboxSpec, facts: BundleFacts): string {
  const { host, readOnly, hostname, domainname, mounts } = spec;
  const { root, process, cgroup, connect, init, pidOf } = facts;
  const devices = devicesOf(host);
  const shared = sharedWith(host.IpcMode);
  const all: OciMount[] = ociMounts(mounts, host, shared === undefined ? undefined : pidOf(shared));
  if (init !== undefined) all.push({ destination: "/sbin/docker-init", type: "bind", source: init, options: ["bind", "ro"] });
  const ownNames = host.UTSMode !== "host" && spec.network.kind !== "host";
  const config = {
    ociVersion: "1.0.2",
    process,
    root: { path: root, readonly: readOnly },
    ...(ownNames ? { hostname } : {}),
    ...(ownNames && domainname ? { domainname } : {}),
    mounts: all,
    ...(connect ? { hooks: { createRuntime: [{ path: connect[0], args: connect, env: [`PATH=${SEARCH_PATH}`] }] } } : {}),
    linux: {
      namespaces: namespaces(spec, facts),
      cgroupsPath: cgroup,
      resources: { ...ociResources(host), devices: devices.rules },
      devices: devices.nodes,
      ...(host.Sysctls ? { sysctl: host.Sysctls } : {}),
      ...(host.Privileged ? {} : { maskedPaths: host.MaskedPaths ?? [], readonlyPaths: host.ReadonlyPaths ?? [] }),
      rootfsPropagation: "private",
    },
  };
  return JSON.stringify(config, null, 1).replaceAll(JSON.stringify(UNLIMITED), "18446744073709551615");
}
