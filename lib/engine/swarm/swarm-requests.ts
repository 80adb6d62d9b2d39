import { networkInterfaces } from "node:os";
import { badRequest, EngineError } from "../engine-error.js";
import { parseAddress, parseBlock } from "../networks/address.js";
import type { Members } from "../server/members.js";

// An engine checks the requests that would make it a node before it refuses to become one.

/** Ports that swarms use for the data of their networks. */
const dataPorts = { first: 1024, last: 49151 } as const;

/** Splits an address into host and port, as far as it has a port. */
const hostOf = (address: string): string => address.replace(/^tcp:\/\//, "").replace(/^\[?(.*?)\]?(?::[^:\]]*)?$/s, "$1");

/** Whether a host is an address, or an interface of this machine. */
const isReachable = (host: string): boolean => parseAddress(host) !== undefined || Object.hasOwn(networkInterfaces(), host);

function checkAddresses(body: Members): void {
  const listen = body.text("ListenAddr");
  if (listen === "") throw badRequest(`invalid ListenAddr "": invalid empty address`);
  if (!isReachable(hostOf(listen)))
    throw badRequest("listen address must be an IP address or network interface (with optional port number)");
}

function checkAdvertised(body: Members): void {
  const advertised = body.text("AdvertiseAddr");
  const host = hostOf(advertised);
  if (advertised !== "" && (!isReachable(host) || host === "0.0.0.0" || host === "::"))
    throw badRequest("advertise address must be a non-zero IP address or network interface (with optional port number)");
}

/**
 * Checks the request to create a swarm.
 *
 * @throws an {@link EngineError} with status 400.
 */
export function checkInit(body: Members): void {
  checkAddresses(body);
  const name = body.object("Spec")?.text("Name") ?? "";
  if (name !== "" && name !== "default") throw badRequest('swarm spec must be named "default"');
  checkAdvertised(body);
  const port = body.integer("DataPathPort") ?? 0;
  if (port !== 0 && (port < dataPorts.first || port > dataPorts.last))
    throw badRequest(`Datapath port number is not in valid range (${dataPorts.first}-${dataPorts.last}) : ${port}`);
  for (const pool of body.texts("DefaultAddrPool") ?? [])
    if (!parseBlock(pool)) throw badRequest(`invalid CIDR address: ${pool}`);
}

/**
 * Checks the request to join a swarm.
 *
 * @throws an {@link EngineError} with status 400, and 500 for a malformed token.
 */
export function checkJoin(body: Members): void {
  checkAddresses(body);
  if ((body.texts("RemoteAddrs") ?? []).length === 0) throw badRequest("at least 1 RemoteAddr is required to join");
  checkAdvertised(body);
  const token = body.text("JoinToken");
  if (!/^SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}$/.test(token)) throw new EngineError(500, "invalid join token");
}
