import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { encodeFrame } from "../../lib/wire/frames.js";
import { onRequest } from "../support/servers.js";

/** Where and how a connection is cut off. */
interface Break {
  /** The number of response bytes that it carries before the break. */
  readonly after: number;
  readonly how: "reset" | "end" | "silence" | "garbage";
}

const chunk = (data: string | Buffer): string => {
  const text = Buffer.from(data).toString("latin1");
  return `${text.length.toString(16)}\r\n${text}\r\n`;
};

const chunked = (type: string, ...parts: (string | Buffer)[]): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n${parts.map(chunk).join("")}0\r\n\r\n`;

const frames = Buffer.concat([
  encodeFrame("stdout", "out\n"),
  encodeFrame("stderr", "err\n"),
  encodeFrame("stdout", "x".repeat(200)),
]);
const upgraded = `HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n${frames.toString("latin1")}`;
const stat = Buffer.from(
  JSON.stringify({ name: "f", size: 5, mode: 420, mtime: "2024-01-01T00:00:00Z", linkTarget: "" }),
).toString("base64");
const progress = chunked(
  "application/json",
  '{"status":"Pulling"}\n',
  '{"status":"x","progressDetail":{"current":1,"total":2}}\n',
  '{"stream":"Successfully built abc\\n"}\n',
);

/** Responses by the beginning of the request, the first that matches. */
function responseTo(head: string, archive: Buffer): string {
  const table: [RegExp, string][] = [
    [/^HEAD .*\/archive/, `HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: ${stat}\r\nContent-Length: 0\r\n\r\n`],
    [/^GET .*\/archive|^GET .*\/export/, chunked("application/x-tar", archive.subarray(0, 700), archive.subarray(700))],
    [/^PUT /, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
    [/\/attach\?|\/exec\/[^/]+\/start/, upgraded],
    [/\/logs/, chunked("application/vnd.docker.multiplexed-stream", frames.subarray(0, 20), frames.subarray(20))],
    [/\/build|\/images\/(?:create|load)/, progress],
    [/\/events/, chunked("application/json", '{"Type":"container","Action":"start","Actor":{"ID":"a"},"time":1,"timeNano":1}\n')],
    [/^POST .*\/exec /, 'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"Id":"e"}'],
    [
      /^/,
      chunked(
        "application/json",
        '{"Id":"a","State":{"Running":false},"Running":false,"ExitCode":0,"Config":{"Tty":false},"ProcessConfig":{"tty":false}}',
      ),
    ],
  ];
  return table.find(([expression]) => expression.test(head))?.[1] ?? "";
}

/** A server on 127.0.0.1 that cuts off its connections as `next` specifies. */
export interface ScriptedEngine {
  readonly endpoint: string;
  /** The connections that are open. */
  readonly open: ReadonlySet<Socket>;
  next: { breaks: readonly Break[]; pieces: number };
  close: () => void;
}

export async function scriptedEngine(archive: Buffer): Promise<ScriptedEngine> {
  const open = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const { breaks, pieces } = engine.next;
    const { after, how } = breaks[connections++ % Math.max(breaks.length, 1)] ?? { after: Infinity, how: "end" };
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
    socket.on("end", () => socket.end());
    let left = after;
    const write = (text: string): void => {
      for (let at = 0; at < text.length; at += pieces) {
        const piece = text.slice(at, at + Math.min(pieces, left));
        left -= piece.length;
        if (piece !== "" && socket.writable) socket.write(piece, "latin1");
        if (left > 0) continue;
        if (how === "reset") socket.resetAndDestroy();
        else if (how === "end") socket.end();
        else if (how === "garbage") socket.write("\x03garbage\r\n\r\n");
        return;
      }
    };
    onRequest(socket, (head) => {
      if (left > 0) write(responseTo(head, archive));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const engine: ScriptedEngine = {
    endpoint: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open,
    next: { breaks: [], pieces: 1_000 },
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
  return engine;
}
