import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { type Command, Failure, program } from "./command.js";
import { connectTo } from "./connect.js";
import { readDuration } from "./numbers.js";
import { type Arguments, UsageError } from "./options.js";
import { joined } from "./paths.js";

/** How many redirections are followed. */
const MOST_REDIRECTS = 5;

function urlOf(text: string): URL {
  const url = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new Failure(`bad address '${text}'`);
  }
  if (parsed.protocol !== "http:") throw new Failure(`not an http URL: ${text}`);
  return parsed;
}

function headersOf(url: URL, options: Arguments): Record<string, string> {
  const headers: Record<string, string> = {
    Host: url.host,
    "User-Agent": options.value("U") ?? "Wget",
    Connection: "close",
  };
  if (url.username !== "") {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers["Authorization"] = `Basic ${Buffer.from(credentials).toString("base64")}`;
  }
  for (const header of options.values("H")) {
    const [, name, value] = /^([^:]+):\s*(.*)$/s.exec(header) ?? [];
    if (name !== undefined) headers[name] = value ?? "";
  }
  return headers;
}

/** Sends a request over a connection, and returns the response. */
function respond(
  connection: Duplex,
  url: URL,
  options: Arguments,
  body: Buffer | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = headersOf(url, options);
    if (body) {
      headers["Content-Length"] = String(body.length);
      headers["Content-Type"] ??= "application/x-www-form-urlencoded";
    }
    const sent: ClientRequest = request(
      {
        method: body ? "POST" : "GET",
        path: `${url.pathname}${url.search}`,
        headers,
        signal,
        createConnection: () => connection,
      },
      resolve,
    );
    sent.on("error", () => reject(new Failure("error getting response")));
    sent.end(body);
  });
}

/** Follows redirections to the response. */
async function fetchFrom(
  command: Command,
  start: URL,
  options: Arguments,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; url: URL }> {
  let url = start;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const port = url.port === "" ? 80 : Number(url.port);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (!options.has("q")) command.warn(`Connecting to ${url.hostname}:${port} (${host}:${port})\n`);
    const connection = await connectTo(command, host, port);
    const response = await respond(connection, url, options, await bodyOf(command, options), signal);
    const { statusCode = 0, statusMessage = "", headers } = response;
    if (options.has("S")) {
      command.warn(`  HTTP/${response.httpVersion} ${statusCode} ${statusMessage}\n`);
      for (let at = 0; at < response.rawHeaders.length; at += 2)
        command.warn(`  ${response.rawHeaders[at] ?? ""}: ${response.rawHeaders[at + 1] ?? ""}\n`);
    }
    if (statusCode >= 200 && statusCode < 300) return { response, url };
    response.destroy();
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined)
      throw new Failure(`server returned error: HTTP/${response.httpVersion} ${statusCode} ${statusMessage}`);
    url = urlOf(new URL(headers.location, url).href);
  }
  throw new Failure("too many redirections");
}

async function bodyOf(command: Command, options: Arguments): Promise<Buffer | undefined> {
  const text = options.value("d");
  if (text !== undefined) return Buffer.from(text);
  const file = options.value("f");
  return file === undefined ? undefined : await command.files.readFile(command.path(file));
}

async function save(command: Command, response: IncomingMessage, url: URL, options: Arguments): Promise<void> {
  const named = options.value("O") ?? (/[^/]*$/.exec(url.pathname)?.[0] || "index.html");
  if (named === "-") {
    for await (const chunk of command.chunks(response)) await command.out.write(chunk);
    return;
  }
  const path = options.has("O") ? named : joined(options.value("P") ?? ".", named).replace(/^\.\//, "");
  if (!options.has("O") && !options.has("c") && (await command.statusOf(path)))
    throw new Failure(`can't open '${path}': File exists`);
  if (!options.has("q")) command.warn(`saving to '${path}'\n`);
  const file = await command.attempt(
    () => command.files.open(command.path(path), "w"),
    (reason) => `can't open '${path}': ${reason}`,
  );
  if (!file) throw new Failure("");
  try {
    for await (const chunk of command.chunks(response)) await file.write(chunk);
  } finally {
    await file.close();
  }
  if (!options.has("q")) command.warn(`'${path}' saved\n`);
}

/** Fetches a file by HTTP. */
export const wget = program(
  async (command) => {
    const long = {
      ...{
        quiet: "q",
        spider: "s",
        header: "H",
        "post-data": "d",
        "post-file": "f",
        "output-document": "O",
        "server-response": "S",
      },
      ...{ timeout: "T", "user-agent": "U", "no-check-certificate": "", continue: "c", "directory-prefix": "P", tries: "t" },
    };
    const options = command.options("cqsSO:P:T:U:H:d:f:Y:t:o:", { long });
    if (options.operands.length === 0) throw new UsageError("");
    for (const operand of options.operands) {
      const late = new AbortController();
      const done = new AbortController();
      const limit = options.value("T");
      if (limit !== undefined) {
        command.context.clock.sleep(readDuration(limit), done.signal).then(
          () => late.abort(),
          () => undefined,
        );
      }
      try {
        const signal = AbortSignal.any([late.signal, command.context.signal]);
        const { response, url } = await fetchFrom(command, urlOf(operand), options, signal);
        if (options.has("s")) {
          response.destroy();
          if (!options.has("q")) command.warn("remote file exists\n");
        } else await save(command, response, url, options);
      } catch (error) {
        throw late.signal.aborted ? new Failure("download timed out") : error;
      } finally {
        done.abort();
      }
    }
  },
  { usage: "[-cqS] [--spider] [-O FILE] [--header STR] [--post-data STR] [-P DIR] [-U AGENT] [-T SEC] URL..." },
);
