import type { ContainerInspect } from "../../index.js";
import type { Guest, Nic } from "../schemas/guest.js";
import { metadataOf, storedOf } from "./labels.js";

/** The states of guests that exist. */
export type GuestState = "running" | "paused" | "stopped";

/** Returns the state of a guest. */
export function stateOf({ State }: ContainerInspect): GuestState {
  if (State.Paused) return "paused";
  return State.Running ? "running" : "stopped";
}

/** Returns the guest that a container is. */
export function guestOf(container: ContainerInspect): Guest {
  const { Name, Config, HostConfig } = container;
  const labels = Config.Labels ?? {};
  const stored = storedOf(labels);
  const nics = nicsOf(container, stored.nics ?? []);
  const metadata = metadataOf(labels);
  const memory = Math.floor((HostConfig.Memory ?? 0) / (1024 * 1024));
  const cpu = Math.floor((HostConfig.NanoCpus ?? 0) / 1e9);
  return {
    id: Name.replace(/^\//, ""),
    type: stored.type ?? "container",
    ...(Config.Image && { image: Config.Image }),
    ...(nics.length > 0 && { nics }),
    ...(stored.disks && { disks: stored.disks }),
    state: stateOf(container),
    ...(memory > 0 && { memory }),
    ...(cpu > 0 && { cpu }),
    ...(stored.vnc !== undefined && { vnc: stored.vnc }),
    ...(metadata && { metadata }),
  };
}

function nicsOf({ NetworkSettings }: ContainerInspect, asked: readonly Nic[]): Nic[] {
  return Object.entries(NetworkSettings.Networks ?? {}).map(([network, endpoint]) => {
    const own = asked.find((nic) => (nic.network || "bridge") === network);
    return {
      ...own,
      network,
      model: own?.model ?? "",
      mac: endpoint.MacAddress ?? "",
      address: endpoint.IPAddress || endpoint.GlobalIPv6Address || "",
      netmask: netmask(endpoint.IPPrefixLen ?? 0),
      gateway: endpoint.Gateway ?? "",
      vlans: own?.vlans ?? [],
    };
  });
}

/** Returns the IPv4 netmask of a prefix, such as `255.255.0.0`, or an empty string for none. */
function netmask(bits: number): string {
  if (bits === 0) return "";
  const mask = (0xffff_ffff << (32 - bits)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (mask >>> shift) & 0xff).join(".");
}
