import { isIP } from "node:net";
import type { HostConfig, RestartPolicy } from "../../types/host-config.js";
import type { PortMap } from "../../types/network-endpoint.js";
import { badRequest, EngineError, notSupported } from "../engine-error.js";
import { capabilityName, capabilityNames } from "../runtime/oci/capabilities.js";
import { checkResources } from "./check-resources.js";
import { checkLogConfig } from "./log-driver.js";

/**
 * Checks the settings of a new container that concern the host.
 *
 * @param runtime - the runtime of the engine.
 * @throws an {@link EngineError} with the status and in the words of Docker, and with status 501 for what the engine does not support.
 */
export function checkHostConfig(config: HostConfig, runtime: string): void {
  const { AutoRemove, RestartPolicy, Annotations, Isolation = "", StorageOpt, SecurityOpt } = config;
  if (AutoRemove && RestartPolicy?.Name && RestartPolicy.Name !== "no")
    throw badRequest("can't create 'AutoRemove' container with restart policy");
  for (const line of config.ExtraHosts ?? []) checkExtraHost(line);
  checkPorts(config.PortBindings ?? {});
  checkRestartPolicy(RestartPolicy);
  for (const [list, names] of [
    ["CapAdd", config.CapAdd],
    ["CapDrop", config.CapDrop],
  ] as const)
    for (const name of names ?? []) checkCapability(list, name);
  if (Isolation !== "" && Isolation !== "default")
    throw badRequest(`invalid isolation (${Isolation}): linux only supports 'default'`);
  if (Object.hasOwn(Annotations ?? {}, ""))
    throw badRequest("invalid Annotations: the empty string is not permitted as an annotation key");
  checkResources(config);
  checkLimits(config);
  checkModes(config);
  checkNetworkMode(config);
  if (config.Runtime !== undefined && config.Runtime !== runtime)
    throw badRequest(`unknown or invalid runtime name: ${config.Runtime}`);
  checkLogConfig(config.LogConfig ?? { Type: "", Config: {} });
  checkSecurity(SecurityOpt ?? []);
  if (Object.keys(StorageOpt ?? {}).length > 0)
    throw notSupported("the embedded engine does not limit the size of containers: StorageOpt is not supported");
}

/**
 * Checks a restart policy.
 *
 * @throws an {@link EngineError} with status 400, in the words of Docker.
 */
export function checkRestartPolicy(policy: RestartPolicy | null | undefined): void {
  const { Name: name = "", MaximumRetryCount: retries = 0 } = policy ?? {};
  if (!["", "no", "always", "unless-stopped", "on-failure"].includes(name))
    throw badRequest(
      `invalid restart policy: unknown policy '${name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`,
    );
  if (name !== "on-failure" && retries !== 0)
    throw badRequest("invalid restart policy: maximum retry count can only be used with 'on-failure'");
  if (retries < 0) throw badRequest("invalid restart policy: maximum retry count cannot be negative");
}

function checkExtraHost(line: string): void {
  const at = line.search(/[:=]/);
  if (at <= 0) throw badRequest(`bad format for add-host: ${JSON.stringify(line)}`);
  const address = line.slice(at + 1).replace(/^\[(.*)\]$/, "$1");
  if (address !== "host-gateway" && isIP(address) === 0)
    throw badRequest(`invalid IP address in add-host: ${JSON.stringify(line.slice(at + 1))}`);
}

function checkPorts(bindings: PortMap): void {
  for (const [port, list] of Object.entries(bindings)) {
    checkPort(port.split("/", 1)[0] ?? "");
    for (const { HostPort = "" } of list ?? []) if (HostPort !== "") checkPort(HostPort);
  }
}

/** Checks a port, or a range of ports. */
function checkPort(text: string): void {
  const [, first = "", last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (first === "" || Number(last) > 65_535 || Number(last) < Number(first))
    throw badRequest(`invalid port specification: ${JSON.stringify(text)}`);
}

function checkCapability(list: string, name: string): void {
  const full = capabilityName(name);
  if (full !== "CAP_ALL" && !capabilityNames.includes(full))
    throw badRequest(`invalid ${list}: unknown capability: ${JSON.stringify(full)}`);
}

function checkLimits({ ShmSize = 0, OomScoreAdj = 0, IOMaximumIOps = 0, IOMaximumBandwidth = 0 }: HostConfig): void {
  if (ShmSize < 0) throw badRequest("SHM size can not be less than 0");
  if (OomScoreAdj < -1000 || OomScoreAdj > 1000)
    throw badRequest(`Invalid value ${OomScoreAdj}, range for oom score adj is [-1000, 1000]`);
  const unsupported = IOMaximumIOps > 0 ? "IOPs" : IOMaximumBandwidth > 0 ? "bandwidth" : undefined;
  if (unsupported) throw badRequest(`invalid option: QoS maximum ${unsupported} configuration is not supported on linux`);
}

function checkModes({ IpcMode = "", PidMode = "", UTSMode = "", CgroupnsMode = "" }: HostConfig): void {
  if (!/^(none|private|shareable|host|container:.+)?$/.test(IpcMode)) throw badRequest(`invalid IPC mode: ${IpcMode}`);
  if (!/^(host|container:.+)?$/.test(PidMode)) throw badRequest(`invalid PID mode: ${PidMode}`);
  if (!/^(host)?$/.test(UTSMode)) throw badRequest(`invalid UTS mode: ${UTSMode}`);
  if (!/^(private|host)?$/.test(CgroupnsMode)) throw badRequest(`invalid cgroup namespace mode: ${CgroupnsMode}`);
}

/** A container in the network of another one has none of its own to set. */
function checkNetworkMode(config: HostConfig): void {
  const { NetworkMode = "", PortBindings, PublishAllPorts, Dns, ExtraHosts, Links } = config;
  if (!NetworkMode.startsWith("container:")) return;
  if (NetworkMode === "container:") throw badRequest("invalid network mode: invalid container format container:<name|id>");
  if ((Links ?? []).length > 0)
    throw badRequest(
      "conflicting options: container type network can't be used with links. This would result in undefined behavior",
    );
  if ((Dns ?? []).length > 0) throw badRequest("conflicting options: dns and the network mode");
  if ((ExtraHosts ?? []).length > 0) throw badRequest("conflicting options: custom host-to-IP mapping and the network mode");
  if (Object.keys(PortBindings ?? {}).length > 0 || PublishAllPorts)
    throw badRequest("conflicting options: port publishing and the container type network mode");
}

function checkSecurity(options: readonly string[]): void {
  for (const option of options) {
    const [, key = "", value] = /^([^=:]*)(?:[=:](.*))?$/s.exec(option) ?? [];
    if (value === undefined && key !== "no-new-privileges" && key !== "writable-cgroups")
      throw new EngineError(500, `invalid --security-opt 1: ${JSON.stringify(option)}`);
    if (!["label", "apparmor", "seccomp", "no-new-privileges", "writable-cgroups"].includes(key))
      throw new EngineError(500, `invalid --security-opt 2: ${JSON.stringify(option)}`);
  }
}
