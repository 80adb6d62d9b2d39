import type { Duplex } from "node:stream";
import type { SandboxEndpoint } from "../executor.js";
import type { Namespaces } from "./namespaces.js";
import { Relay, type Resolve } from "./relay.js";
import { requireCommand } from "./run-command.js";

/** Stands for the process ID of a container in the commands that connect it. */
const PID = "@PID@";

/** Runs before the process of a container starts: reads its ID from the state that the runtime passes, and connects its network. */
const HOOK = `
state=$(cat)
pid=\${state#*\\"pid\\":}
pid=\${pid# }
pid=\${pid%%[!0-9]*}
printf '%s\\n' "$2" | sed "s/${PID}/$pid/g" | nsenter --net="/proc/$1/ns/net" ip -batch -
printf '%s\\n' "$3" | nsenter --net="/proc/$pid/ns/net" ip -batch -
`;

const bridgeName = (network: string): string => `br-${network.slice(0, 12)}`;

/** The name of the end of a container's connection at the bridge. */
const portName = ({ EndpointID = "" }: SandboxEndpoint["settings"]): string => `v${EndpointID.slice(0, 12)}`;

const versionFlag = (address: string): string => (address.includes(":") ? "-6 " : "");

/** The commands of `ip` that connect a container to a bridge: those in the engine's namespace, and those in the container's. */
function connection(
  { network, settings }: SandboxEndpoint,
  name: string,
  isDefault: boolean,
): { outside: string[]; inside: string[] } {
  const { IPAddress, IPPrefixLen = 0, GlobalIPv6Address, GlobalIPv6PrefixLen = 0, MacAddress } = settings;
  const port = portName(settings);
  const hardware = MacAddress ? ` address ${MacAddress}` : "";
  return {
    outside: [
      `link add ${port} type veth peer name ${name}${hardware} netns ${PID}`,
      `link set ${port} master ${bridgeName(network)} up`,
    ],
    inside: [
      ...(IPAddress ? [`addr add ${IPAddress}/${IPPrefixLen} dev ${name}`] : []),
      ...(GlobalIPv6Address ? [`addr add ${GlobalIPv6Address}/${GlobalIPv6PrefixLen} dev ${name} nodad`] : []),
      `link set ${name} up`,
      ...(isDefault ? defaultRoutes(settings) : []),
    ],
  };
}

/** The commands of `ip` that make the gateways of an endpoint those of its container, also when it has others. */
function defaultRoutes({ Gateway = "", IPv6Gateway = "" }: SandboxEndpoint["settings"]): string[] {
  const gateways = [Gateway, IPv6Gateway].filter((gateway) => gateway !== "");
  return gateways.map((gateway) => `${versionFlag(gateway)}route replace default via ${gateway}`);
}

/** The bridges between the containers of an engine, in a network namespace of its own. */
export class Router {
  readonly #namespaces: Namespaces;
  readonly #relay: Relay;
  readonly #bridges = new Map<string, Promise<void>>();

  constructor(namespaces: Namespaces, socket: string, resolve: Resolve) {
    this.#namespaces = namespaces;
    this.#relay = new Relay((command) => namespaces.enter(command, true), socket, resolve);
  }

  /** Makes the bridges of a container's networks. */
  async prepare(endpoints: readonly SandboxEndpoint[]): Promise<void> {
    for (const endpoint of endpoints) {
      const bridge = this.#bridges.get(endpoint.network) ?? this.#makeBridge(endpoint);
      this.#bridges.set(endpoint.network, bridge);
      await bridge.catch((error: unknown) => {
        this.#bridges.delete(endpoint.network);
        throw error;
      });
    }
  }

  async #makeBridge({ network, gateways, settings }: SandboxEndpoint): Promise<void> {
    const name = bridgeName(network);
    const commands = [
      `link add ${name} type bridge`,
      ...gateways.map((gateway) => `addr add ${gateway} dev ${name}${versionFlag(gateway) === "" ? "" : " nodad"}`),
      `link set ${name} up`,
    ];
    // an earlier engine may have left it
    const script = 'ip link show "$1" >/dev/null 2>&1 || printf "%s\\n" "$2" | ip -batch -';
    await requireCommand(this.#namespaces.enter(["sh", "-ec", script, "sh", name, commands.join("\n")], true));
    if (settings.DNSNames) for (const gateway of gateways) await this.#relay.resolveAt(gateway.replace(/\/.*/, ""));
  }

  /**
   * Returns the command that a runtime runs to connect a container before its process starts; undefined without networks.
   *
   * @param outside - ID of the network with the default route.
   */
  hook(endpoints: readonly SandboxEndpoint[], outside: string | undefined): string[] | undefined {
    if (endpoints.length === 0) return undefined;
    const parts = endpoints.map((endpoint, at) => connection(endpoint, `eth${at}`, endpoint.network === outside));
    const atBridges = parts.flatMap((part) => part.outside).join("\n");
    const inside = parts.flatMap((part) => part.inside).join("\n");
    return ["/bin/sh", "-ec", HOOK, "connect", String(this.#namespaces.holder.pid), atBridges, inside];
  }

  /** Connects a container that runs. */
  async attach(pid: number, endpoint: SandboxEndpoint, name: string, isDefault: boolean): Promise<void> {
    await this.prepare([endpoint]);
    const { outside, inside } = connection(endpoint, name, isDefault);
    await requireCommand(this.#namespaces.enter(["ip", "-batch", "-"], true), outside.join("\n").replaceAll(PID, String(pid)));
    await inNetworkOf(pid, inside);
  }

  /** Makes the gateways of an endpoint those of a container that runs. */
  async route(pid: number, { settings }: SandboxEndpoint): Promise<void> {
    await inNetworkOf(pid, defaultRoutes(settings));
  }

  /** Disconnects a container that runs. */
  async detach({ settings }: SandboxEndpoint): Promise<void> {
    await requireCommand(this.#namespaces.enter(["ip", "link", "delete", portName(settings)], true));
  }

  /** Removes the bridge of a network that was removed. */
  async remove(network: string, gateways: readonly string[]): Promise<void> {
    if (!this.#bridges.delete(network)) return;
    for (const gateway of gateways) await this.#relay.stopResolving(gateway);
    await requireCommand(this.#namespaces.enter(["ip", "link", "delete", bridgeName(network)], true));
  }

  /** Connects to a port of a container. */
  async connect(endpoints: readonly SandboxEndpoint[], port: number): Promise<Duplex> {
    return this.#relay.connect(addressOf(endpoints), port);
  }

  /** Opens a stream of the datagrams to and from a UDP port of a container. */
  async datagrams(endpoints: readonly SandboxEndpoint[], port: number): Promise<Duplex> {
    return this.#relay.datagrams(addressOf(endpoints), port);
  }

  /** Ends the process that reaches containers. */
  close(): Promise<void> {
    return this.#relay.close();
  }
}

/** Returns the address at which a container is reached. */
function addressOf(endpoints: readonly SandboxEndpoint[]): string {
  const [address] = endpoints.flatMap(({ settings }) => settings.IPAddress || settings.GlobalIPv6Address || []);
  if (address === undefined) throw Object.assign(new Error("the container has no address"), { code: "ECONNREFUSED" });
  return address;
}

/** Runs commands of `ip` in the network namespace of a process. */
async function inNetworkOf(pid: number, commands: readonly string[]): Promise<void> {
  await requireCommand(["nsenter", `--net=/proc/${pid}/ns/net`, "ip", "-batch", "-"], commands.join("\n"));
}
