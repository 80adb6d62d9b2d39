import type { ContainerCreateRequest, ContainerUpdateRequest } from "../../types/container-requests.js";
import type { HostConfig } from "../../types/host-config.js";
import { atLeast } from "../../wire/api-version.js";
import { checkNetworkCount } from "../containers/check-create.js";
import { checkHostConfig, checkRestartPolicy } from "../containers/check-host-config.js";
import { checkResources } from "../containers/check-resources.js";
import type { Container } from "../containers/container.js";
import type { Containers } from "../containers/containers.js";
import { inspectContainer } from "../containers/inspect.js";
import { checkedRequest } from "../containers/request-types.js";
import type { WaitCondition } from "../containers/waiters.js";
import { badRequest, explained, notSupported } from "../engine-error.js";
import { signalNumber } from "../runtime/program/signals.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";
import { namedPlatform } from "../store/manifest.js";
import { sizeOf } from "./sizes.js";

const conditions = new Set<string>(["not-running", "next-exit", "removed"]);

/** Routes of the life of containers. */
export function containerRoutes(containers: Containers): Route[] {
  const find = (exchange: Exchange): Container => containers.find(exchange.param("id"));
  const route = (method: Route["method"], path: string, handle: Route["handle"]): Route => ({ method, path, handle });
  return [
    route("POST", "/containers/create", (exchange) => create(exchange, containers)),
    route("GET", "/containers/**:id/json", async (exchange) => {
      const container = find(exchange);
      const size = exchange.query.flag("size") ? await sizeOf(container) : undefined;
      exchange.json(inspectContainer(container, exchange.version, size));
    }),
    route("POST", "/containers/**:id/start", async (exchange) => {
      const container = find(exchange);
      await readStartSettings(exchange, container);
      const isStarted = await container.start();
      exchange.empty(isStarted ? 204 : 304);
    }),
    route("POST", "/containers/**:id/stop", async (exchange) => {
      const container = find(exchange);
      const isStopped = await container.stop(signalOf(exchange), timeoutOf(exchange));
      exchange.empty(isStopped ? 204 : 304);
    }),
    route("POST", "/containers/**:id/restart", async (exchange) => {
      await find(exchange).restart(signalOf(exchange), timeoutOf(exchange));
      exchange.empty();
    }),
    route("POST", "/containers/**:id/kill", async (exchange) => {
      await explained(`cannot kill container: ${exchange.param("id")}`, async () => {
        await find(exchange).kill(signalNumber(signalOf(exchange) ?? "KILL") ?? 9);
      });
      exchange.empty();
    }),
    route("POST", "/containers/**:id/pause", async (exchange) => {
      await find(exchange).pause();
      exchange.empty();
    }),
    route("POST", "/containers/**:id/unpause", async (exchange) => {
      await find(exchange).unpause();
      exchange.empty();
    }),
    route("POST", "/containers/**:id/rename", async (exchange) => {
      await containers.rename(exchange.param("id"), exchange.query.text("name"));
      exchange.empty();
    }),
    route("POST", "/containers/**:id/resize", async (exchange) => {
      await find(exchange).resize(terminalSize(exchange));
      exchange.empty(200);
    }),
    route("POST", "/containers/**:id/update", (exchange) => update(exchange, find(exchange))),
    route("POST", "/containers/**:id/wait", (exchange) => wait(exchange, find(exchange))),
    route("DELETE", "/containers/**:id", async (exchange) => {
      const { query } = exchange;
      const name = exchange.param("id");
      if (query.flag("link")) await containers.removeLink(name);
      else await containers.remove(name, { force: query.flag("force"), volumes: query.flag("v") });
      exchange.empty();
    }),
  ];
}

async function create(exchange: Exchange, containers: Containers): Promise<void> {
  const request = checkedRequest(await exchange.requiredBody<ContainerCreateRequest>());
  checkNetworkCount(request, exchange.version);
  const platform = namedPlatform(exchange.query.text("platform"));
  const container = await containers.create(exchange.query.text("name"), request, platform);
  exchange.json({ Id: container.id, Warnings: containers.warningsOf(container.record.hostConfig) }, 201);
}

/** Applies the settings that a start may have below API 1.24. @throws an {@link EngineError} with status 400 for later ones. */
async function readStartSettings(exchange: Exchange, container: Container): Promise<void> {
  // an object with a member has more than seven characters
  if (exchange.header("transfer-encoding") === "" && Number(exchange.header("content-length") || 0) <= 7) return;
  const hostConfig = await exchange.body<HostConfig>();
  if (!hostConfig) return;
  if (atLeast(exchange.version, "1.24")) {
    throw badRequest("starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24");
  }
  const { Binds, Links, VolumesFrom } = hostConfig;
  if ([Binds, Links, VolumesFrom].some((list) => list?.length))
    throw notSupported("the embedded engine takes binds, links and volumes of others only when it creates a container");
  const changed = { ...container.record.hostConfig, ...hostConfig };
  checkHostConfig(changed, changed.Runtime ?? "");
  await container.change({ hostConfig: changed });
}

/** Returns the name of a signal in the query; undefined if there is none. Below API 1.24, zero stands for the default. */
function signalOf({ query, version }: Exchange): string | undefined {
  const signal = query.text("signal");
  if (signal === "" || (signal === "0" && !atLeast(version, "1.24"))) return undefined;
  const number = /^\d+$/.test(signal) ? Number(signal) : signalNumber(signal);
  if (number === undefined || number < 1 || number > 64) throw badRequest(`invalid signal: ${signal}`);
  return signal;
}

function timeoutOf({ query }: Exchange): number | undefined {
  return query.integer("t");
}

/** Returns the size of a terminal in the query. @throws an {@link EngineError} with status 400 when it is incomplete. */
export function terminalSize({ query }: Exchange): { rows: number; columns: number } {
  const dimension = (name: string, key: string): number => {
    const text = query.text(key);
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
    const isSize = value !== undefined && value >= 0 && value < 2 ** 32;
    if (isSize) return value;
    const reason = value === undefined ? "invalid syntax" : "value out of range";
    throw badRequest(`invalid resize ${name} ${JSON.stringify(text)}: ${reason}`);
  };
  return { rows: dimension("height", "h"), columns: dimension("width", "w") };
}

async function wait(exchange: Exchange, container: Container): Promise<void> {
  const condition = exchange.query.text("condition") || "not-running";
  if (!conditions.has(condition)) throw badRequest(`invalid condition: "${condition}"`);
  const result = container.wait(condition as WaitCondition, exchange.signal); // checked above
  // the docker command starts the container only after the headers have come
  const response = exchange.stream("application/json");
  response.end(`${JSON.stringify(await result)}\n`);
}

async function update(exchange: Exchange, container: Container): Promise<void> {
  const request = await exchange.requiredBody<ContainerUpdateRequest>();
  const set = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== null && value !== 0 && value !== ""));
  if (!request.RestartPolicy?.Name) delete set.RestartPolicy;
  const changed = { ...container.record.hostConfig, ...set };
  checkResources(changed);
  checkRestartPolicy(changed.RestartPolicy);
  await container.sandbox?.update(changed);
  await container.change({ hostConfig: changed });
  container.emit("update");
  exchange.json(atLeast(exchange.version, "1.22") ? { Warnings: null } : {});
}
