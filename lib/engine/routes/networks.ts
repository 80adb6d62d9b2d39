import type { IPAMConfig } from "../../types/network.js";
import type { EndpointSettings } from "../../types/network-endpoint.js";
import { atLeast } from "../../wire/api-version.js";
import { encodeTimestamp } from "../../wire/timestamp.js";
import { badRequest, notFound } from "../engine-error.js";
import type { Attachments } from "../networks/attachments.js";
import type { NetworkRequest } from "../networks/network-request.js";
import type { Networks } from "../networks/networks.js";
import type { Exchange } from "../server/exchange.js";
import { Members } from "../server/members.js";
import type { Filters } from "../server/query.js";
import type { Route } from "../server/router.js";

/** The names of the filters of networks. */
const filterNames = ["dangling", "driver", "id", "label", "name", "scope", "type"] as const;

/** Routes of networks. */
export function networkRoutes(networks: Networks, attachments: Attachments): Route[] {
  return [
    { method: "GET", path: "/networks", handle: (exchange) => list(exchange, networks) },
    { method: "POST", path: "/networks/create", handle: (exchange) => create(exchange, networks) },
    { method: "POST", path: "/networks/prune", since: "1.25", handle: (exchange) => prune(exchange, networks) },
    { method: "GET", path: "/networks/:id", handle: (exchange) => inspect(exchange, networks) },
    { method: "DELETE", path: "/networks/:id", handle: (exchange) => remove(exchange, networks) },
    { method: "POST", path: "/networks/:id/connect", handle: (exchange) => connect(exchange, attachments) },
    { method: "POST", path: "/networks/:id/disconnect", handle: (exchange) => disconnect(exchange, attachments) },
  ];
}

function list(exchange: Exchange, networks: Networks): void {
  const found = networks.list(exchange.query.filters(filterNames));
  // newer clients inspect a network to find its containers
  exchange.json(atLeast(exchange.version, "1.28") ? found : found.map(({ Id }) => networks.inspect(Id)));
}

function inspect(exchange: Exchange, networks: Networks): void {
  const id = exchange.param("id");
  const scope = exchange.query.text("scope");
  const network = networks.inspect(id);
  if (scope !== "" && scope !== network.Scope) throw notFound(`network ${id} not found`);
  exchange.json(network);
}

async function create(exchange: Exchange, networks: Networks): Promise<void> {
  const body = new Members((await exchange.body()) ?? {}, "CreateRequest");
  exchange.json(await networks.create(createRequest(body)), 201);
}

function createRequest(body: Members): NetworkRequest {
  const ipam = body.object("IPAM");
  const config = ipam?.objects("Config")?.map((pool): IPAMConfig => {
    const range = pool.text("IPRange");
    const gateway = pool.text("Gateway");
    const auxiliary = pool.map("AuxiliaryAddresses");
    return {
      Subnet: pool.text("Subnet"),
      ...(range === "" ? {} : { IPRange: range }),
      ...(gateway === "" ? {} : { Gateway: gateway }),
      ...(auxiliary ? { AuxiliaryAddresses: auxiliary } : {}),
    };
  });
  return {
    Name: body.text("Name"),
    Driver: body.text("Driver"),
    ...(body.text("Scope") === "swarm" ? { Scope: "swarm" } : {}),
    Internal: body.flag("Internal") ?? false,
    Attachable: body.flag("Attachable") ?? false,
    Ingress: body.flag("Ingress") ?? false,
    ConfigOnly: body.flag("ConfigOnly") ?? false,
    ConfigFrom: { Network: body.object("ConfigFrom")?.text("Network") ?? "" },
    EnableIPv4: body.flag("EnableIPv4") ?? true,
    EnableIPv6: body.flag("EnableIPv6") ?? false,
    IPAM: { Driver: ipam?.text("Driver") ?? "", Config: config ?? [], Options: ipam?.map("Options") ?? null },
    Options: body.map("Options"),
    Labels: body.map("Labels"),
  };
}

async function remove(exchange: Exchange, networks: Networks): Promise<void> {
  await networks.remove(exchange.param("id"));
  exchange.empty();
}

async function prune(exchange: Exchange, networks: Networks): Promise<void> {
  const filters = exchange.query.filters(["label", "label!", "until"]);
  const deleted = await networks.prune(filters, until(filters));
  exchange.json({ NetworksDeleted: deleted.length > 0 ? deleted : null });
}

function until(filters: Filters): bigint | undefined {
  const [text, ...others] = filters.get("until") ?? [];
  if (text === undefined) return undefined;
  if (others.length > 0) throw badRequest("more than one until filter specified");
  const encoded = encodeTimestamp(text);
  if (encoded === undefined) throw badRequest(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
  const [seconds = "0", decimals = ""] = encoded.split(".");
  return BigInt(seconds) * 1_000_000_000n + BigInt(decimals.padEnd(9, "0"));
}

/** Reads the settings of an endpoint from a body. */
function endpointSettings(body: Members): EndpointSettings {
  const ipam = body.object("IPAMConfig");
  const addresses = { IPv4Address: ipam?.text("IPv4Address"), IPv6Address: ipam?.text("IPv6Address") };
  const chosen = Object.entries(addresses).filter(([, address]) => address);
  const linkLocal = ipam?.texts("LinkLocalIPs");
  return {
    IPAMConfig: ipam ? { ...Object.fromEntries(chosen), ...(linkLocal ? { LinkLocalIPs: linkLocal } : {}) } : null,
    Links: body.texts("Links") ?? null,
    Aliases: body.texts("Aliases") ?? null,
    MacAddress: body.text("MacAddress"),
    DriverOpts: body.map("DriverOpts") ?? null,
    GwPriority: body.integer("GwPriority") ?? 0,
  };
}

async function connect(exchange: Exchange, attachments: Attachments): Promise<void> {
  const body = new Members((await exchange.body()) ?? {}, "ConnectOptions");
  const settings = body.object("EndpointConfig");
  await attachments.connect(exchange.param("id"), body.text("Container"), settings ? endpointSettings(settings) : {});
  exchange.empty(200);
}

async function disconnect(exchange: Exchange, attachments: Attachments): Promise<void> {
  const body = new Members((await exchange.body()) ?? {}, "DisconnectOptions");
  await attachments.disconnect(exchange.param("id"), body.text("Container"), body.flag("Force"));
  exchange.empty(200);
}
