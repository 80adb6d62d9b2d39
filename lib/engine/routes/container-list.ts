import type { ContainerSummary } from "../../types/container.js";
import type { Clock } from "../clock.js";
import type { Container } from "../containers/container.js";
import type { Containers } from "../containers/containers.js";
import { summarizeContainer } from "../containers/inspect.js";
import type { ContainerRecord } from "../containers/record.js";
import { badRequest } from "../engine-error.js";
import type { Exchange } from "../server/exchange.js";
import { filterFlag, type Filters, matchesLabels } from "../server/query.js";
import type { Route } from "../server/router.js";
import { parseTime } from "../server/times.js";
import { sizeOf } from "./sizes.js";

const filterNames = [
  "ancestor",
  "before",
  "exited",
  "expose",
  "health",
  "id",
  "is-task",
  "isolation",
  "label",
  "name",
  "network",
  "publish",
  "since",
  "status",
  "volume",
];

const statuses = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];

/** What the list of containers needs to know about images. */
export interface ImageNames {
  /** Returns the ID of the image of a name; undefined if there is none. */
  idOf(name: string): string | undefined;
  /** Returns the IDs of an image and of all images that were built on it. */
  descendants(id: string): ReadonlySet<string>;
}

/** Routes that list and prune containers. */
export function containerListRoutes(containers: Containers, images: ImageNames, clock: Clock): Route[] {
  return [
    { method: "GET", path: "/containers/json", handle: (exchange) => list(exchange, containers, images, clock) },
    { method: "POST", path: "/containers/prune", handle: (exchange) => prune(exchange, containers) },
  ];
}

async function list(exchange: Exchange, containers: Containers, images: ImageNames, clock: Clock): Promise<void> {
  const { query } = exchange;
  const filters = query.filters(filterNames);
  checkFilters(filters);
  const limit = query.integer("limit") ?? 0;
  const { since, before } = bounds(filters, containers, query.text("since"), query.text("before"));
  const all =
    query.flag("all") ||
    limit > 0 ||
    since !== undefined ||
    before !== undefined ||
    filters.has("status") ||
    filters.has("exited");
  const selected: ContainerSummary[] = [];
  for (const container of containers.all()) {
    const { record } = container;
    const isActive =
      record.state.status === "running" || record.state.status === "paused" || record.state.status === "restarting";
    if (!all && !isActive) continue;
    if (since !== undefined && BigInt(record.created) <= since) continue;
    if (before !== undefined && BigInt(record.created) >= before) continue;
    if (!matches(container, filters, images)) continue;
    const name = record.config.Image ?? "";
    const isCurrent = images.idOf(name) === record.image;
    const size = query.flag("size") ? await sizeOf(container) : undefined;
    selected.push(summarizeContainer(container, clock.now(), isCurrent ? name : record.image, size));
    if (limit > 0 && selected.length === limit) break;
  }
  exchange.json(selected);
}

function checkFilters(filters: Filters): void {
  for (const status of filters.get("status") ?? []) {
    if (!statuses.includes(status))
      throw badRequest(
        `invalid filter 'status=${status}': invalid value for state (${status}): must be one of ${statuses.join(", ")}`,
      );
  }
  for (const code of filters.get("exited") ?? [])
    if (!/^-?\d+$/.test(code))
      throw badRequest(`invalid filter 'exited=${code}': strconv.Atoi: parsing ${JSON.stringify(code)}: invalid syntax`);
  for (const health of filters.get("health") ?? []) {
    if (!["none", "starting", "healthy", "unhealthy"].includes(health)) throw badRequest(`invalid filter 'health=${health}'`);
  }
  filterFlag(filters, "is-task", false);
}

/** The times of creation between which the wanted containers lie. */
function bounds(filters: Filters, containers: Containers, since: string, before: string): { since?: bigint; before?: bigint } {
  const createdOf = (reference: string | undefined): bigint | undefined =>
    reference ? BigInt(containers.find(reference).record.created) : undefined;
  const first = createdOf(filters.get("since")?.[0] ?? since);
  const last = createdOf(filters.get("before")?.[0] ?? before);
  return { ...(first === undefined ? {} : { since: first }), ...(last === undefined ? {} : { before: last }) };
}

/** Returns whether a container satisfies all filters. Several values of one filter are alternatives, except those of `label`. */
function matches({ record, names }: Container, filters: Filters, images: ImageNames): boolean {
  const { id, config, state, mounts, networks, ports } = record;
  const anyOf = (filter: string, test: (value: string) => boolean): boolean => {
    const values = filters.get(filter);
    return !values || values.length === 0 || values.some(test);
  };
  return (
    anyOf("id", (value) => id.startsWith(value)) &&
    anyOf("name", (value) => names.some((name) => matchesName(name, value))) &&
    anyOf("status", (value) => state.status === value) &&
    anyOf("exited", (value) => state.status === "exited" && state.exitCode === Number(value)) &&
    anyOf("health", (value) => (state.health?.status ?? "none") === value) &&
    anyOf("ancestor", (value) => isAncestor(value, record.image, config.Image ?? "", images)) &&
    anyOf("volume", (value) => mounts.some(({ Name, Destination }) => Name === value || Destination === value)) &&
    anyOf("network", (value) =>
      Object.entries(networks).some(([network, { NetworkID }]) => network === value || NetworkID?.startsWith(value)),
    ) &&
    matchesPorts(ports, filters) &&
    anyOf("is-task", (value) => value === "false" || value === "0") &&
    anyOf("isolation", (value) => value === "" || value === "default") &&
    matchesLabels(config.Labels ?? {}, filters.get("label"))
  );
}

/**
 * Returns whether a container has one of the ports of the filters: `expose` names those inside, `publish` those of the host. Both are
 * alternatives, as on Docker.
 */
function matchesPorts(ports: ContainerRecord["ports"], filters: Filters): boolean {
  const exposed = filters.get("expose") ?? [];
  const published = filters.get("publish") ?? [];
  if (exposed.length === 0 && published.length === 0) return true;
  return Object.entries(ports).some(([port, bindings]) => {
    const [inside = "", protocol = "tcp"] = port.split("/");
    const isInside = exposed.some((range) => isInRange(Number(inside), protocol, range));
    const isPublished = published.some((range) =>
      (bindings ?? []).some(({ HostPort }) => isInRange(Number(HostPort), protocol, range)),
    );
    return isInside || isPublished;
  });
}

/** Returns whether a port is in a range, such as `80`, `8000-8010` or `53/udp`. */
function isInRange(port: number, protocol: string, range: string): boolean {
  const [, first, last = first, kind = "tcp"] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(range) ?? [];
  return kind === protocol && port >= Number(first) && port <= Number(last);
}

/** Names are matched by a regular expression, with and without their slash. */
function matchesName(name: string, pattern: string): boolean {
  const bare = name.slice(1);
  if (name === pattern || bare === pattern) return true;
  try {
    const expression = new RegExp(pattern);
    return expression.test(name) || expression.test(bare);
  } catch {
    return false;
  }
}

function isAncestor(value: string, image: string, name: string, images: ImageNames): boolean {
  if (value === name) return true;
  const id = images.idOf(value);
  return id !== undefined && images.descendants(id).has(image);
}

async function prune(exchange: Exchange, containers: Containers): Promise<void> {
  const filters = exchange.query.filters(["label", "label!", "until"]);
  const limit = parseTime(filters.get("until")?.[0] ?? "", "until");
  const deleted: string[] = [];
  let reclaimed = 0;
  for (const container of containers.all()) {
    const { state, config, created, id } = container.record;
    const labels = config.Labels ?? {};
    const isUnwanted = filters.get("label!")?.some((label) => matchesLabels(labels, [label])) ?? false;
    if (container.isRunning || !["created", "exited", "dead"].includes(state.status)) continue;
    if (!matchesLabels(labels, filters.get("label")) || isUnwanted) continue;
    if (limit !== undefined && BigInt(created) >= limit) continue;
    const { SizeRw } = await sizeOf(container);
    await containers.remove(id);
    reclaimed += SizeRw;
    deleted.push(id);
  }
  exchange.json({ ContainersDeleted: deleted.length === 0 ? null : deleted, SpaceReclaimed: reclaimed });
}
