import type { ContainerInspect, ContainerSummary } from "../../types/container.js";
import type { EndpointSettings, NetworkSettings, PortMap, PortSummary } from "../../types/network-endpoint.js";
import { atLeast } from "../../wire/api-version.js";
import type { Container } from "./container.js";
import { type ContainerRecord, rfc3339 } from "./record.js";
import { statusText } from "./status-text.js";

/** The sizes of a container in bytes. */
export interface ContainerSize {
  /** What it wrote. */
  SizeRw: number;
  /** All its files. */
  SizeRootFs: number;
}

/** Returns what `inspect` shows. */
export function inspectContainer(container: Container, version: string, size?: ContainerSize): ContainerInspect {
  const { record } = container;
  const { state, config, hostConfig } = record;
  const [path = "", ...args] = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  const isActive = state.status === "running" || state.status === "paused" || state.status === "restarting";
  return {
    Id: record.id,
    Created: rfc3339(record.created),
    Path: path,
    Args: args,
    State: {
      Status: state.status,
      Running: isActive,
      Paused: state.status === "paused",
      Restarting: state.status === "restarting",
      OOMKilled: state.oomKilled,
      Dead: state.status === "dead",
      Pid: state.pid,
      ExitCode: state.exitCode,
      Error: state.error,
      StartedAt: rfc3339(state.startedAt),
      FinishedAt: rfc3339(state.finishedAt),
      ...(state.health
        ? { Health: { Status: state.health.status, FailingStreak: state.health.failingStreak, Log: state.health.log } }
        : {}),
    },
    Image: record.image,
    ResolvConfPath: "",
    HostnamePath: "",
    HostsPath: "",
    LogPath:
      !(state.hasLog ?? state.startedAt !== undefined) || hostConfig.LogConfig?.Type !== "json-file" ? "" : container.log.path,
    Name: `/${record.name}`,
    RestartCount: record.restartCount,
    Driver: "layers",
    Platform: "linux",
    MountLabel: "",
    ProcessLabel: "",
    AppArmorProfile: "",
    ExecIDs: container.execIds.size === 0 ? (null as unknown as string[]) : [...container.execIds], // Docker sends null
    HostConfig: { ...hostConfig, Links: container.linkTexts },
    GraphDriver: { Name: "layers", Data: {} },
    ...(size ?? {}),
    Mounts: record.mounts,
    Config: config,
    NetworkSettings: networkSettings(record, version),
  };
}

function networkSettings({ id, networks, ports, state, hostConfig }: ContainerRecord, version: string): NetworkSettings {
  const isRunning = state.pid !== 0;
  const settings = { SandboxID: isRunning ? id : "", SandboxKey: "", Ports: ports, Networks: networks };
  if (atLeast(version, "1.52")) return settings;
  const main: EndpointSettings = (hostConfig.NetworkMode === "bridge" ? networks.bridge : undefined) ?? {};
  return {
    Bridge: "",
    HairpinMode: false,
    LinkLocalIPv6Address: "",
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null as never, // Docker sends null
    SecondaryIPv6Addresses: null as never,
    ...settings,
    EndpointID: main.EndpointID ?? "",
    Gateway: main.Gateway ?? "",
    GlobalIPv6Address: main.GlobalIPv6Address ?? "",
    GlobalIPv6PrefixLen: main.GlobalIPv6PrefixLen ?? 0,
    IPAddress: main.IPAddress ?? "",
    IPPrefixLen: main.IPPrefixLen ?? 0,
    IPv6Gateway: main.IPv6Gateway ?? "",
    MacAddress: main.MacAddress ?? "",
  };
}

/**
 * Returns a row of the list of containers.
 *
 * @param now - the time in nanoseconds since 1970.
 * @param image - the name of the image, or its ID if the name belongs to another one now.
 */
export function summarizeContainer(container: Container, now: bigint, image: string, size?: ContainerSize): ContainerSummary {
  const { record } = container;
  const { config, hostConfig, state } = record;
  return {
    Id: record.id,
    Names: container.names,
    Image: image,
    ImageID: record.image,
    Command: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])]
      .map((word) => (/\s/.test(word) ? `'${word}'` : word))
      .join(" "),
    Created: Number(BigInt(record.created) / 1_000_000_000n),
    Ports: portSummaries(record.ports, config.ExposedPorts ?? {}, state.pid !== 0),
    ...(size ?? {}),
    Labels: config.Labels ?? {},
    State: state.status,
    Status: statusText(record, now),
    HostConfig: {
      NetworkMode: hostConfig.NetworkMode ?? "",
      ...(hostConfig.Annotations ? { Annotations: hostConfig.Annotations } : {}),
    },
    NetworkSettings: { Networks: record.networks },
    Mounts: record.mounts,
  };
}

function portSummaries(ports: PortMap, exposed: Record<string, unknown>, isRunning: boolean): PortSummary[] {
  if (!isRunning) return [];
  return [...new Set([...Object.keys(ports), ...Object.keys(exposed)])].flatMap((port): PortSummary[] => {
    const [number = "", Type = "tcp"] = port.split("/");
    const PrivatePort = Number(number);
    const bindings = ports[port] ?? [];
    if (bindings.length === 0) return [{ PrivatePort, Type }];
    return bindings.map(({ HostIp = "", HostPort = "" }) => ({ IP: HostIp, PrivatePort, PublicPort: Number(HostPort), Type }));
  });
}
