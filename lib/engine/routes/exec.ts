import type { ExecCreateRequest, ExecStartRequest } from "../../types/exec.js";
import { attach } from "../containers/attach.js";
import type { Containers } from "../containers/containers.js";
import { parseDetachKeys } from "../containers/detach-keys.js";
import type { Exec } from "../containers/execs.js";
import { conflict } from "../engine-error.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";
import { streamType } from "./container-streams.js";
import { terminalSize } from "./containers.js";

/** Routes of commands in containers. */
export function execRoutes(containers: Containers): Route[] {
  const find = (exchange: Exchange): Exec => containers.execs.find(exchange.param("id"));
  return [
    {
      method: "POST",
      path: "/containers/**:id/exec",
      handle: async (exchange) => {
        const container = containers.find(exchange.param("id"));
        const request = await exchange.requiredBody<ExecCreateRequest>();
        parseDetachKeys(request.DetachKeys ?? "", "escape");
        const { id } = await containers.execs.create(container, request, exchange.param("id"));
        exchange.json({ Id: id }, 201);
      },
    },
    { method: "POST", path: "/exec/:id/start", handle: (exchange) => start(exchange, find(exchange)) },
    {
      method: "POST",
      path: "/exec/:id/resize",
      handle: async (exchange) => {
        await find(exchange).resize(terminalSize(exchange));
        exchange.empty(200);
      },
    },
    { method: "GET", path: "/exec/:id/json", handle: (exchange) => exchange.json(find(exchange).inspect()) },
  ];
}

async function start(exchange: Exchange, exec: Exec): Promise<void> {
  exchange.isInputInBody = true;
  const request = (await exchange.body<ExecStartRequest>()) ?? {};
  exec.check();
  if (request.Detach) {
    await new Promise<void>((resolve, reject) => void exec.start(request, resolve).then(resolve, reject));
    exchange.empty(200);
    return;
  }
  const { AttachStdin, AttachStdout, AttachStderr, Tty = false, DetachKeys = "" } = exec.request;
  if ((request.Tty ?? false) !== Tty && request.Tty !== undefined && Tty)
    throw conflict("the exec has a terminal, the start must have Tty too");
  const outputs = new Set((["stdout", "stderr"] as const).filter((name) => (name === "stdout" ? AttachStdout : AttachStderr)));
  const target = { hub: exec.hub, stdin: AttachStdin ? exec.stdin : undefined, tty: Tty, onInputEnd: () => exec.stdin.end() };
  let attached: Promise<unknown> = Promise.resolve();
  await exec.start(request, () => {
    const connection = exchange.hijack(streamType(Tty, exchange.version));
    connection.on("error", () => connection.destroy()); // the client is gone
    attached = attach(connection, target, { outputs, detachKeys: parseDetachKeys(DetachKeys), isFramed: !Tty });
  });
  await attached;
}
