import { EngineError, notAManager, notFound, notSupported } from "../engine-error.js";
import type { Exchange } from "../server/exchange.js";
import { Members } from "../server/members.js";
import type { Method, Route } from "../server/router.js";
import { checkInit, checkJoin } from "../swarm/swarm-requests.js";

// What the engine does not have, answered as an engine answers that does not use it.

/** Operations that answer that this node is not a manager: method, path, and the API version that added them. */
const managerOperations: readonly [method: Method, path: string, since: string][] = [
  ["GET", "/swarm", "1.24"],
  ["POST", "/swarm/update", "1.24"],
  ["GET", "/swarm/unlockkey", "1.24"],
  ["POST", "/swarm/unlock", "1.24"],
  ["GET", "/nodes", "1.24"],
  ["GET", "/nodes/:id", "1.24"],
  ["DELETE", "/nodes/:id", "1.24"],
  ["POST", "/nodes/:id/update", "1.24"],
  ["GET", "/services", "1.24"],
  ["POST", "/services/create", "1.24"],
  ["GET", "/services/:id", "1.24"],
  ["DELETE", "/services/:id", "1.24"],
  ["POST", "/services/:id/update", "1.24"],
  ["GET", "/services/:id/logs", "1.25"],
  ["GET", "/tasks", "1.24"],
  ["GET", "/tasks/:id", "1.24"],
  ["GET", "/tasks/:id/logs", "1.29"],
  ["GET", "/secrets", "1.25"],
  ["POST", "/secrets/create", "1.25"],
  ["GET", "/secrets/:id", "1.25"],
  ["DELETE", "/secrets/:id", "1.25"],
  ["POST", "/secrets/:id/update", "1.25"],
  ["GET", "/configs", "1.30"],
  ["POST", "/configs/create", "1.30"],
  ["GET", "/configs/:id", "1.30"],
  ["DELETE", "/configs/:id", "1.30"],
  ["POST", "/configs/:id/update", "1.30"],
];

/** Operations on a plugin, which does not exist. */
const pluginOperations: readonly [method: Method, path: string][] = [
  ["GET", "/plugins/**:name/json"],
  ["DELETE", "/plugins/**:name"],
  ["POST", "/plugins/**:name/enable"],
  ["POST", "/plugins/**:name/disable"],
  ["POST", "/plugins/**:name/push"],
  ["POST", "/plugins/**:name/upgrade"],
  ["POST", "/plugins/**:name/set"],
];

/** Operations that the engine does not support, with the reason. */
const unsupportedOperations: readonly [method: Method, path: string, since: string, reason: string][] = [
  ["GET", "/plugins/privileges", "1.25", "the embedded engine does not support plugins"],
  ["POST", "/plugins/pull", "1.25", "the embedded engine does not support plugins"],
  ["POST", "/plugins/create", "1.25", "the embedded engine does not support plugins"],
  ["GET", "/containers/**:id/checkpoints", "1.25", "the embedded engine does not support checkpoints"],
  ["POST", "/containers/**:id/checkpoints", "1.25", "the embedded engine does not support checkpoints"],
  ["DELETE", "/containers/**:id/checkpoints/:checkpoint", "1.25", "the embedded engine does not support checkpoints"],
  ["POST", "/session", "1.31", "the embedded engine does not support BuildKit sessions; use the classic builder"],
  ["POST", "/grpc", "1.38", "the embedded engine does not support BuildKit; use the classic builder"],
];

/** Routes of swarm mode, plugins, BuildKit and checkpoints, which the engine does not have. */
export function inactiveRoutes(): Route[] {
  return [
    ...managerOperations.map(([method, path, since]) => ({ method, path, since, handle: refuse(notAManager) })),
    ...unsupportedOperations.map(([method, path, since, reason]) => {
      return { method, path, since, handle: refuse(() => notSupported(reason)) };
    }),
    { method: "POST", path: "/swarm/init", since: "1.24", handle: (exchange) => refuseSwarm(exchange, "InitRequest", checkInit) },
    { method: "POST", path: "/swarm/join", since: "1.24", handle: (exchange) => refuseSwarm(exchange, "JoinRequest", checkJoin) },
    {
      method: "POST",
      path: "/swarm/leave",
      since: "1.24",
      handle: refuse(() => new EngineError(503, "This node is not part of a swarm")),
    },
    { method: "GET", path: "/plugins", since: "1.25", handle: listPlugins },
    ...pluginOperations.map(([method, path]) => ({ method, path, since: "1.25", handle: refusePlugin })),
  ];
}

function refuse(error: () => EngineError): () => never {
  return () => {
    throw error();
  };
}

/** Checks a request to become a node of a swarm, and refuses it. */
async function refuseSwarm(exchange: Exchange, name: string, check: (body: Members) => void): Promise<never> {
  check(new Members(await exchange.requiredBody(), name));
  throw notSupported("the embedded engine does not support swarm mode");
}

function listPlugins(exchange: Exchange): void {
  exchange.query.filters(["capability", "enabled"]);
  exchange.json([]);
}

function refusePlugin(exchange: Exchange): never {
  throw notFound(`plugin ${JSON.stringify(exchange.param("name"))} not found`);
}
