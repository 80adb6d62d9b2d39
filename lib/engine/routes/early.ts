import { posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Containers } from "../containers/containers.js";
import { badRequest, EngineError } from "../engine-error.js";
import { packPath } from "../files/pack-path.js";
import { openRemote } from "../remote-content.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";
import type { ImageStore } from "../store/images.js";
import { counted, shortId, transferMessage } from "../store/progress.js";
import { tagsAmong } from "../store/references.js";
import { commitContainer, type CommitParts } from "./commit.js";
import { MessageStream } from "./message-stream.js";

/** What the routes of early API versions need. */
export interface EarlyRouteParts extends CommitParts {
  /** The routes that list containers. */
  readonly list: readonly Route[];
}

/**
 * The operations that API 1.24 and earlier versions removed. An engine that is started with a lower `minApiVersion` serves them; what
 * these versions do differently in operations that still exist is where these operations are.
 */
export function earlyRoutes(parts: EarlyRouteParts): Route[] {
  const { containers, images, list } = parts;
  return [
    ...list
      .filter(({ path }) => path === "/containers/json")
      .map((route) => ({ ...route, path: "/containers/ps", removed: "1.24" })),
    { method: "POST", path: "/containers/**:id/copy", removed: "1.24", handle: (exchange) => copy(exchange, containers) },
    { method: "POST", path: "/images/**:name/insert", removed: "1.12", handle: (exchange) => insert(exchange, parts) },
    { method: "GET", path: "/images/viz", removed: "1.7", handle: (exchange) => exchange.text(graph(images)) },
  ];
}

/** Answers an archive of a file or a directory of a container. */
async function copy(exchange: Exchange, containers: Containers): Promise<void> {
  const container = containers.find(exchange.param("id"));
  const { Resource = "" } = await exchange.requiredBody<{ Resource?: string }>();
  if (Resource === "") throw badRequest("Path cannot be empty");
  const { files } = await container.files();
  const path = posix.resolve("/", Resource);
  if (!(await files.exists(path)))
    throw new EngineError(500, `Could not find the file ${Resource} in container ${exchange.param("id")}`);
  await pipeline(await packPath(files, path), exchange.stream("application/x-tar"));
}

/** Adds a file at a URL to an image, with a container that stays. */
async function insert(exchange: Exchange, parts: EarlyRouteParts): Promise<void> {
  const { query, signal } = exchange;
  const [url, path] = [query.text("url"), query.text("path")];
  const base = parts.images.find(exchange.param("name"));
  const messages = new MessageStream(exchange);
  await messages.run(async () => {
    const response = await openRemote(url, signal);
    const container = await parts.containers.create("", { Image: base.id, Cmd: ["echo", "insert", url, path] });
    const { files } = await container.files();
    const target = posix.resolve("/", path);
    if (await files.exists(target)) throw new EngineError(500, `${target} exists`);
    const total = Number(response.headers["content-length"] ?? 0);
    const content = counted(response as AsyncIterable<Buffer>, (current) =>
      messages.report(transferMessage("Downloading", shortId(base.id), current, total)),
    );
    await files.makeDirectory(posix.dirname(target), { parents: true, mode: 0o755 });
    await files.writeFile(target, Readable.from(content, { objectMode: false }), { mode: 0o755 });
    const { config, comment = "", author = "" } = base.config;
    const image = await commitContainer(container, parts, { config: config ?? {}, comment, author });
    messages.report({ status: image.id });
  });
}

/** Returns the images as a graph in the language of Graphviz. */
function graph(images: ImageStore): string {
  const all = [...images.all().values()];
  const edges = all.map(({ id, parent }) =>
    parent === undefined ? ` base -> "${shortId(id)}" [style=invis]\n` : ` "${shortId(parent)}" -> "${shortId(id)}"\n`,
  );
  const boxes = all.flatMap(({ id }) => {
    const names = tagsAmong(images.references.of(id));
    const label = [shortId(id), ...names].join("\\n");
    const style = `shape=box,fillcolor="paleturquoise",style="filled,rounded"`;
    return names.length === 0 ? [] : [` "${shortId(id)}" [label="${label}",${style}];\n`];
  });
  return `digraph docker {\n${edges.join("")}${boxes.join("")} base [style=invisible]\n}\n`;
}
