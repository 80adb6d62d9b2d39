import type { CreateContainerOptions } from "../../index.js";
import { RpcError } from "../rpc/rpc-error.js";
import type { Disk, Guest, GuestContainer } from "../schemas/guest.js";
import { labelsOf } from "./labels.js";
import { endpointsFor } from "./networks.js";

/** What an agent adds to every guest. */
export interface GuestDefaults {
  /** Whether standard input stays open. */
  readonly stdin: boolean;
  /** Whether every exposed port is published on the host. */
  readonly publishAll: boolean;
  /** Whether a guest must have a network interface. */
  readonly requireNic: boolean;
  /** Paths of devices that every guest gets, such as `/dev/zfs`. */
  readonly devices: readonly string[];
}

const MB = 1024 * 1024;

/**
 * Returns the container for a guest.
 *
 * @param key - digest of the idempotency key of the call.
 * @throws an error that names what the guest lacks, or which interface or disk is wrong.
 */
export function containerFor(guest: Guest, defaults: GuestDefaults, key: string | undefined): CreateContainerOptions {
  const { id, image, nics = [], container = {} } = guest;
  if (!/^[\w][\w.-]*$/.test(id)) throw invalid(`the guest ID ${JSON.stringify(id)} is no container name`, "guest.id");
  if (!image) throw invalid("missing image", "guest.image");
  if (defaults.requireNic && nics.length === 0) throw invalid("must specify at least one nic", "guest.nics");
  const isOnNetworks = nics.length > 0 && container.networkMode === undefined;
  if (nics.length > 0 && !isOnNetworks)
    throw invalid("a guest has nics or a networkMode, not both", "guest.container.networkMode");
  return {
    name: id,
    config: {
      Image: image,
      Hostname: container.hostname ?? id,
      OpenStdin: container.stdin ?? defaults.stdin,
      Labels: labelsOf(guest, key),
      ...(container.command && { Cmd: container.command }),
      ...(container.entrypoint && { Entrypoint: container.entrypoint }),
      ...(container.env && { Env: Object.entries(container.env).map(([name, value]) => `${name}=${value}`) }),
      ...(container.user !== undefined && { User: container.user }),
      ...(container.workingDirectory !== undefined && { WorkingDir: container.workingDirectory }),
      ...(container.tty !== undefined && { Tty: container.tty }),
      ...(container.stopTimeout !== undefined && { StopTimeout: container.stopTimeout }),
      ...(container.ports && { ExposedPorts: Object.fromEntries(container.ports.map((port) => [portKey(port), {}])) }),
    },
    hostConfig: hostConfigFor(guest, container, defaults),
    ...(isOnNetworks && { networkingConfig: { EndpointsConfig: endpointsFor(nics) } }),
  };
}

function hostConfigFor(guest: Guest, container: GuestContainer, defaults: GuestDefaults): CreateContainerOptions["hostConfig"] {
  const { memory = 0, cpu = 0, nics = [], disks = [] } = guest;
  const devices = [...defaults.devices.map((host) => ({ host, guest: host, permissions: "rwm" })), ...(container.devices ?? [])];
  const mode = container.networkMode ?? nics[0]?.network;
  return {
    ...(memory > 0 && { Memory: memory * MB }),
    ...(cpu > 0 && { NanoCpus: cpu * 1e9 }),
    PublishAllPorts: container.publishAll ?? defaults.publishAll,
    ...(mode && { NetworkMode: mode }),
    ...(disks.length > 0 && { Mounts: disks.map(mountFor) }),
    ...(devices.length > 0 && {
      Devices: devices.map((device) => ({
        PathOnHost: device.host,
        PathInContainer: device.guest ?? device.host,
        CgroupPermissions: device.permissions ?? "rwm",
      })),
    }),
    ...(container.ports && { PortBindings: bindingsFor(container.ports) }),
    ...(container.restart && { RestartPolicy: { Name: container.restart } }),
    ...(container.privileged !== undefined && { Privileged: container.privileged }),
    ...(container.capabilitiesAdded && { CapAdd: container.capabilitiesAdded }),
    ...(container.capabilitiesDropped && { CapDrop: container.capabilitiesDropped }),
    ...(container.securityOptions && { SecurityOpt: container.securityOptions }),
    ...(container.runtime !== undefined && { Runtime: container.runtime }),
    ...(container.cgroupParent !== undefined && { CgroupParent: container.cgroupParent }),
    ...(container.pidMode !== undefined && { PidMode: container.pidMode }),
    ...(container.ipcMode !== undefined && { IpcMode: container.ipcMode }),
    ...(container.readOnly !== undefined && { ReadonlyRootfs: container.readOnly }),
    ...(container.init !== undefined && { Init: container.init }),
  };
}

type Ports = NonNullable<GuestContainer["ports"]>;

function portKey({ guest, protocol = "tcp" }: Ports[number]): string {
  return `${guest}/${protocol}`;
}

function bindingsFor(ports: Ports): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports)
    (bindings[portKey(port)] ??= []).push({ HostIp: port.address ?? "", HostPort: port.host ? String(port.host) : "" });
  return bindings;
}

type Mount = NonNullable<NonNullable<NonNullable<CreateContainerOptions["hostConfig"]>["Mounts"]>>[number];

function mountFor({ device = "", volume, source, image, size, readOnly = false }: Disk, index: number): Mount {
  const at = `guest.disks.${index}`;
  if (image) throw invalid(`disk ${index} names an image, which containers do not support`, `${at}.image`);
  if (!device.startsWith("/")) throw invalid(`disk ${index} needs a device: the absolute path in the guest`, `${at}.device`);
  if (volume && source) throw invalid(`disk ${index} has a volume and a source`, `${at}.source`);
  const mount = { Target: device, ReadOnly: readOnly };
  if (source) return { ...mount, Type: "bind", Source: source };
  if (volume) return { ...mount, Type: "volume", Source: volume };
  return { ...mount, Type: "tmpfs", ...(size && { TmpfsOptions: { SizeBytes: size * MB } }) };
}

function invalid(message: string, path: string): RpcError {
  return new RpcError("invalidParams", message, { path });
}
