import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { FileError } from "../../../files/file-error.js";
import { type Command, Failure, program } from "./command.js";
import { connectionReason, readPort } from "./connect.js";
import { joined } from "./paths.js";

const types: Readonly<Record<string, string>> = {
  css: "text/css",
  gif: "image/gif",
  gz: "application/gzip",
  htm: "text/html",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "application/javascript",
  json: "application/json",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  txt: "text/plain",
  wasm: "application/wasm",
  xml: "application/xml",
  zip: "application/zip",
};

const explanations: Readonly<Record<number, string>> = {
  400: "Unsupported method",
  404: "The requested URL was not found",
  501: "The requested method is not recognized",
};

const titles: Readonly<Record<number, string>> = { 302: "Found", 400: "Bad Request", 404: "Not Found", 501: "Not Implemented" };

function refuse(response: ServerResponse, status: number): void {
  const title = `${status} ${titles[status] ?? ""}`;
  const page = `<HTML><HEAD><TITLE>${title}</TITLE></HEAD>\n<BODY><H1>${title}</H1>\n${explanations[status] ?? ""}\n</BODY></HTML>\n`;
  response.writeHead(status, { "Content-Type": "text/html" }).end(page);
}

/** Returns the path in the home directory for the path of a URL; undefined for one that leads out of it. */
function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ""));
    return path.startsWith("/") && !path.includes("\0") && !path.split("/").includes("..") ? path : undefined;
  } catch {
    return undefined;
  }
}

async function answer(command: Command, home: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "", url = "" } = request;
  if (method !== "GET" && method !== "HEAD") {
    refuse(response, 501);
    return;
  }
  const place = pathOf(url);
  if (place === undefined) {
    refuse(response, 400);
    return;
  }
  const path = joined(home, place.slice(1));
  let file = path.endsWith("/") ? `${path}index.html` : path;
  let status = await command.statusOf(file);
  if (status?.kind === "directory" && !path.endsWith("/")) {
    response.writeHead(302, { Location: `${url.replace(/\?.*/s, "")}/` }).end();
    return;
  }
  if (path === home) {
    file = joined(home, "index.html");
    status = await command.statusOf(file);
  }
  if (status?.kind !== "file") {
    refuse(response, 404);
    return;
  }
  response.writeHead(200, {
    "Content-Type": types[/\.([^./]+)$/.exec(file)?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream",
    "Content-Length": status.size,
    "Last-Modified": new Date(Number(status.mtime / 1_000_000n)).toUTCString(),
  });
  if (method === "HEAD") response.end();
  else await pipeline(await command.files.read(command.path(file)), response);
}

/** Serves files by HTTP. */
export const httpd = program(
  async (command) => {
    const options = command.options("fvip:h:u:c:r:d:e:m:");
    if (options.has("d")) {
      command.out.put(decodeURIComponent((options.value("d") ?? "").replace(/\+/g, " ")));
      return 0;
    }
    const port = readPort((options.value("p") ?? "80").replace(/^.*:/, ""));
    const home = options.value("h") ?? ".";
    if ((await command.statusOf(home))?.kind !== "directory")
      throw new Failure(`can't change directory to '${home}': No such file or directory`);
    if (!options.has("f")) {
      // in the background: a child serves
      await command.context.spawn([command.context.argv[0] ?? command.name, "-f", ...command.args]);
      return 0;
    }
    const server = createServer((request, response) => {
      answer(command, home.replace(/\/$/, "") === "" ? "/" : home, request, response).catch((error: unknown) => {
        if (error instanceof FileError && !response.headersSent) refuse(response, 404);
        else response.destroy();
      });
      if (options.has("v")) command.warn(`[::]:${port}: url:${request.url ?? ""}\n`);
    });
    let close: () => void;
    try {
      close = command.context.listen(port, (connection) => void server.emit("connection", connection));
    } catch (error) {
      throw new Failure(`bind: ${connectionReason(error) ?? String(error)}`);
    }
    const { signal } = command.context;
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    close();
    server.closeAllConnections();
    return 0;
  },
  { usage: "[-fv] [-p [IP:]PORT] [-h HOME]" },
);
