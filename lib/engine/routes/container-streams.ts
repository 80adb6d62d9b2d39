import type { Duplex } from "node:stream";
import { atLeast } from "../../wire/api-version.js";
import { encodeFrame, type StreamName } from "../../wire/frames.js";
import { attach, type AttachSettings } from "../containers/attach.js";
import type { Container } from "../containers/container.js";
import type { Containers } from "../containers/containers.js";
import { parseDetachKeys } from "../containers/detach-keys.js";
import type { LogEntry } from "../containers/log.js";
import { logAttributes } from "../containers/log-driver.js";
import { logLimits } from "../containers/log-limits.js";
import { rfc3339 } from "../containers/record.js";
import { badRequest, conflict, notSupported } from "../engine-error.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";
import { parseTime } from "../server/times.js";
import { writePatiently } from "../stream-events.js";

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
    {
      method: "GET",
      path: "/containers/**:id/attach/ws",
      handle: (exchange) => attachByWebSocket(exchange, containers.find(exchange.param("id"))),
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
  if (hostConfig.LogConfig?.Type === "none") throw notSupported("configured logging driver does not support reading");
  logLimits(hostConfig.LogConfig ?? {}); // the driver refuses to read with options that it does not take
  const since = parseTime(query.text("since").replace(/^0(\.0*)?$/, ""), "since");
  const until = parseTime(query.text("until").replace(/^0(\.0*)?$/, ""), "until");
  const count = Number(query.text("tail"));
  const tail = query.text("tail") !== "" && Number.isInteger(count) && count >= 0 ? count : undefined;
  const tty = config.Tty ?? false;
  const details = query.flag("details") ? `${logAttributes(container.record)} ` : "";
  exchange.stream(streamType(tty, exchange.version));
  const follow = query.flag("follow") ? signal : undefined;
  for await (const entry of container.log.read({ streams, since, until, tail }, follow)) {
    if (signal.aborted) return;
    const prefix = `${query.flag("timestamps") ? `${paddedTime(entry.time)} ` : ""}${details}`;
    await exchange.write(encoded(entry, prefix, !tty));
  }
  exchange.response.end();
}

/** Docker writes nine decimals in the timestamps of logs, so that they are all equally long. */
function paddedTime(time: bigint): string {
  const [date = "", decimals = "Z"] = rfc3339(time).split(".");
  return `${date.replace(/Z$/, "")}.${decimals.replace(/Z$/, "").padEnd(9, "0")}Z`;
}

function encoded({ stream, data }: LogEntry, prefix: string, isFramed: boolean): Buffer {
  const bytes = prefix === "" ? data : Buffer.concat([Buffer.from(prefix), data]);
  return isFramed ? encodeFrame(stream, bytes) : bytes;
}

/** Attaches to standard output, standard error and standard input as the query says. */
async function attachTo(exchange: Exchange, container: Container): Promise<void> {
  const detachKeys = attachableBy(exchange, container);
  const isFramed = !(container.record.config.Tty ?? false);
  const streams = { outputs: outputsOf(exchange), detachKeys, isFramed, hasInput: exchange.query.flag("stdin") };
  await attachBy(exchange.hijack(streamType(!isFramed, exchange.version)), exchange, container, streams);
}

/** Attaches by a WebSocket, whose messages have no frames. Before API 1.42, all streams are attached. */
async function attachByWebSocket(exchange: Exchange, container: Container): Promise<void> {
  const detachKeys = attachableBy(exchange, container);
  const isChosen = atLeast(exchange.version, "1.42");
  const outputs = isChosen ? outputsOf(exchange) : new Set<StreamName>(["stdout", "stderr"]);
  const hasInput = isChosen ? exchange.query.flag("stdin") : true;
  await attachBy(exchange.webSocket(), exchange, container, { outputs, detachKeys, isFramed: false, hasInput });
}

/**
 * Checks that a client can attach to a container.
 *
 * @returns the keys that detach it.
 * @throws an {@link EngineError} otherwise.
 */
function attachableBy(exchange: Exchange, { record }: Container): Buffer {
  const detachKeys = parseDetachKeys(exchange.query.text("detachKeys"));
  const { status } = record.state;
  const reference = exchange.param("id");
  if (status === "paused") throw conflict(`container ${reference} is paused, unpause the container before attach`);
  if (status === "restarting") throw conflict(`container ${reference} is restarting, wait until the container is running`);
  return detachKeys;
}

async function attachBy(
  connection: Duplex,
  { query }: Exchange,
  container: Container,
  { hasInput, ...settings }: AttachSettings & { hasInput: boolean },
): Promise<void> {
  const { Tty: tty = false, StdinOnce = false } = container.record.config;
  connection.on("error", () => connection.destroy()); // the client is gone
  container.emit("attach");
  if (query.flag("logs")) {
    for await (const entry of container.log.read({ streams: settings.outputs }))
      await writePatiently(connection, encoded(entry, "", settings.isFramed));
  }
  if (!query.flag("stream")) {
    connection.end();
    return;
  }
  const stdin = hasInput ? container.stdin : undefined;
  const target = {
    hub: container.hub,
    stdin,
    tty,
    onInputEnd: () => {
      if (StdinOnce && !tty) stdin?.end();
    },
  };
  const outcome = await attach(connection, target, settings);
  if (outcome === "detached") container.emit("detach");
}
