import { EngineError, notAManager } from "../engine-error.js";
import type { Exchange } from "../server/exchange.js";
import { Members } from "../server/members.js";
import type { Route } from "../server/router.js";
import type { Volumes } from "../volumes/volumes.js";

/** Routes of volumes. */
export function volumeRoutes(volumes: Volumes): Route[] {
  return [
    { method: "GET", path: "/volumes", handle: (exchange) => list(exchange, volumes) },
    { method: "POST", path: "/volumes/create", handle: (exchange) => create(exchange, volumes) },
    { method: "POST", path: "/volumes/prune", since: "1.25", handle: (exchange) => prune(exchange, volumes) },
    { method: "GET", path: "/volumes/:name", handle: (exchange) => exchange.json(volumes.get(exchange.param("name"))) },
    { method: "PUT", path: "/volumes/:name", since: "1.42", handle: refuseUpdate },
    { method: "DELETE", path: "/volumes/:name", handle: (exchange) => remove(exchange, volumes) },
  ];
}

function list(exchange: Exchange, volumes: Volumes): void {
  const filters = exchange.query.filters(["dangling", "driver", "label", "name"], "error reading volume filters: ");
  exchange.json({ Volumes: volumes.list(filters), Warnings: null });
}

async function create(exchange: Exchange, volumes: Volumes): Promise<void> {
  const body = new Members((await exchange.body()) ?? {}, "CreateOptions");
  if (body.object("ClusterVolumeSpec")) throw notAManager();
  const request = {
    name: body.text("Name"),
    driver: body.text("Driver"),
    options: body.map("DriverOpts"),
    labels: body.map("Labels"),
  };
  exchange.json(await volumes.create(request), 201);
}

async function prune(exchange: Exchange, volumes: Volumes): Promise<void> {
  const filters = exchange.query.filters(["all", "label", "label!"]);
  exchange.json(await volumes.prune(filters, exchange.version));
}

async function remove(exchange: Exchange, volumes: Volumes): Promise<void> {
  await volumes.remove(exchange.param("name"), exchange.query.flag("force"));
  exchange.empty();
}

function refuseUpdate(): void {
  throw new EngineError(503, "volume update only valid for cluster volumes, but swarm is unavailable");
}
