import type { NetworkCreateRequest } from "../../types/network.js";
import { badRequest, EngineError, notAManager, notFound, notSupported } from "../engine-error.js";
import { predefinedNetworks } from "./network-record.js";

/** What is needed of a request for a new network. */
export type NetworkRequest = Omit<NetworkCreateRequest, "Labels" | "Options" | "CheckDuplicate"> & {
  /** Labels. */
  readonly Labels?: Readonly<Record<string, string>> | undefined;
  /** Options of the driver. */
  readonly Options?: Readonly<Record<string, string>> | undefined;
};

const forbidden = (message: string): EngineError => new EngineError(403, message);

/** Drivers that Docker has and the engine has not. */
const foreignDrivers = new Set(["ipvlan", "macvlan"]);

/**
 * Checks the request for a new network, apart from its pools.
 *
 * @throws an {@link EngineError}.
 */
export function checkRequest(request: NetworkRequest): void {
  const { Name, Options = {} } = request;
  if (Name.trim() === "") throw badRequest("invalid name: name is empty");
  if (predefinedNetworks.has(Name)) throw forbidden(`operation is not permitted on predefined ${Name} network `);
  if (request.ConfigOnly) checkConfigOnly(request);
  else checkDriver(request);
  if (request.ConfigFrom?.Network) checkConfigFrom(request);
  else if (request.EnableIPv4 === false && request.EnableIPv6 !== true && !request.ConfigOnly)
    throw badRequest("IPv4 or IPv6 must be enabled");
  const mtu = Options["com.docker.network.driver.mtu"];
  if (mtu !== undefined && !/^[+-]?\d+$/.test(mtu)) {
    const reason = `strconv.Atoi: parsing ${JSON.stringify(mtu)}: invalid syntax`;
    throw badRequest(`failed to parse com.docker.network.driver.mtu value: ${mtu} (${reason})`);
  }
}

/** Checks the driver of a network, and what depends on it. */
function checkDriver({ Driver = "", Scope, IPAM, Ingress }: NetworkRequest): void {
  if (Ingress) throw forbidden("Ingress network can only be global scope network");
  if (Driver === "overlay") throw new EngineError(403, notAManager().message);
  if (Scope === "swarm") throw forbidden("cannot create a swarm scoped network when swarm is not active");
  if (Driver === "host" || Driver === "null") throw forbidden(`only one instance of "${Driver}" network is allowed`);
  if (foreignDrivers.has(Driver)) throw notSupported(`the embedded engine does not support networks with the driver ${Driver}`);
  for (const plugin of [Driver === "bridge" ? "" : Driver, IPAM?.Driver === "default" ? "" : (IPAM?.Driver ?? "")])
    if (plugin !== "") throw notFound(`plugin ${JSON.stringify(plugin)} not found`);
}

/** Checks the request for a network that only holds settings: it has no driver. */
function checkConfigOnly({ Driver, Scope, Internal, Attachable, Ingress, ConfigFrom }: NetworkRequest): void {
  if (Driver === "overlay") throw new EngineError(403, notAManager().message);
  if (ConfigFrom?.Network) throw forbidden("a configuration network cannot depend on another configuration network");
  if (Internal === true || Attachable === true || Ingress === true || Scope !== undefined)
    throw forbidden(
      "configuration network can only contain network specific fields. " +
        "Network operator fields like [ ingress | internal | attachable | scope ] are not supported.",
    );
}

/** Checks the request for a network with the settings of another one: it has no settings of its own. */
function checkConfigFrom({ Options = {}, Labels = {}, IPAM, EnableIPv4, EnableIPv6 }: NetworkRequest): void {
  const isOwn = (values: object | null | undefined): boolean => Object.keys(values ?? {}).length > 0;
  if (isOwn(Options))
    throw forbidden("network driver options are not supported if the network depends on a configuration network");
  if (isOwn(Labels) || isOwn(IPAM?.Config) || isOwn(IPAM?.Options) || EnableIPv4 === false || EnableIPv6 === true)
    throw forbidden("user specified configurations are not supported if the network depends on a configuration network");
}
