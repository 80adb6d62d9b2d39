import { atLeast } from "../../wire/api-version.js";
import { encodeFrame, type StreamName } from "../../wire/frames.js";
import { attach, type AttachSettings } from "../containers/attach.js";
import type { Container } from "../containers/container.js";
import type { Containers } from "../containers/containers.js";
import { parseDetachKeys } from "../containers/detach-keys.js";
import type { LogEntry } from "../containers/log.js";
import { writePatiently } from "../containers/output-hub.js";
import { rfc3339 } from "../containers/record.js";
import { badRequest, conflict } from "../engine-error.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";
import { parseTime } from "../server/times.js";

/** Routes of the output and input of containers. */
export function containerStreamRoutes(containers: Containers): Route[] {
  return [
    {
      method: "GET",
      path: "/containers/**:id/logs",
      handle: (exchange) => logs(exchange, containers.find(exchange.param("id"))),
    },
    {
      method: "POST",
      path: "/containers/**:id/attach",
      handle: (exchange) => attachTo(exchange, containers.find(exchange.param("id"))),
    },
  ];
}

/** Returns the content type of a stream of output. */
export function streamType(tty: boolean, version: string): string {
  const isNamed = atLeast(version, "1.42");
  return tty || !isNamed ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream";
}

/** Returns the streams of output that the query asks for. */
function outputsOf({ query }: Exchange): Set<StreamName> {
  return new Set((["stdout", "stderr"] as const).filter((name) => query.flag(name)));
}

async function logs(exchange: Exchange, container: Container): Promise<void> {
  const { query, signal } = exchange;
  const streams = outputsOf(exchange);
  if (streams.size === 0) throw badRequest("Bad parameters: you must choose at least one stream");
  const { config, hostConfig } = container.record;
  if (hostConfig.LogConfig?.Type === "none") throw conflict("configured logging driver does not support reading");
  const since = parseTime(query.text("since").replace(/^0(\.0*)?$/, ""), "since");
  const until = parseTime(query.text("until").replace(/^0(\.0*)?$/, ""), "until");
  const count = Number(query.text("tail"));
  const tail = query.text("tail") !== "" && Number.isInteger(count) && count >= 0 ? count : undefined;
  const tty = config.Tty ?? false;
  exchange.stream(streamType(tty, exchange.version));
  const follow = query.flag("follow") ? signal : undefined;
  for await (const entry of container.log.read({ streams, since, until, tail }, follow)) {
    if (signal.aborted) return;
    const prefix = query.flag("timestamps") ? `${paddedTime(entry.time)} ` : "";
    await exchange.write(encoded(entry, prefix, tty));
  }
  exchange.response.end();
}

/** Docker writes nine decimals in the timestamps of logs, so that they are all equally long. */
function paddedTime(time: bigint): string {
  const [date = "", decimals = "Z"] = rfc3339(time).split(".");
  return `${date.replace(/Z$/, "")}.${decimals.replace(/Z$/, "").padEnd(9, "0")}Z`;
}

function encoded({ stream, data }: LogEntry, prefix: string, tty: boolean): Buffer {
  const bytes = prefix === "" ? data : Buffer.concat([Buffer.from(prefix), data]);
  return tty ? bytes : encodeFrame(stream, bytes);
}

async function attachTo(exchange: Exchange, container: Container): Promise<void> {
  const { query } = exchange;
  const { config, state } = container.record;
  const detachKeys = parseDetachKeys(query.text("detachKeys"));
  if (state.status === "paused") throw conflict(`container ${container.id} is paused, unpause the container before attach`);
  if (state.status === "restarting")
    throw conflict(`container ${container.id} is restarting, wait until the container is running`);
  const tty = config.Tty ?? false;
  const outputs = outputsOf(exchange);
  const connection = exchange.hijack(streamType(tty, exchange.version));
  connection.on("error", () => connection.destroy()); // the client is gone
  container.emit("attach");
  if (query.flag("logs")) {
    for await (const entry of container.log.read({ streams: outputs })) await writePatiently(connection, encoded(entry, "", tty));
  }
  if (!query.flag("stream")) {
    connection.end();
    return;
  }
  const stdin = query.flag("stdin") ? container.stdin : undefined;
  const settings: AttachSettings = { outputs, detachKeys, isFramed: true };
  const target = {
    hub: container.hub,
    stdin,
    tty,
    onInputEnd: () => {
      if (config.StdinOnce && !tty) stdin?.end();
    },
  };
  const outcome = await attach(connection, target, settings);
  if (outcome === "detached") container.emit("detach");
}
