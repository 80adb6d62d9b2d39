import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync, inflateSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { boxArchive } from "../../support/box-archive.js";
import { listen } from "../../support/servers.js";
import { type AgentBed, guestId, IMAGE, startAgent } from "../support/agent-bed.js";

/** A request and the reply to it, as in `spec/fixtures/README.md`. */
interface Exchange {
  request: string;
  reply: string;
}

interface Row {
  table: string;
  row: string;
  /** What the engine does, if it is not to work. */
  engine?: "throws";
  exchanges: Exchange[];
}

const { rows } = JSON.parse(readFileSync("spec/fixtures/mdocker.json", "utf8")) as { rows: Row[] };

/** What the rows of the tables are about. A row without an exchange would not be missed otherwise. */
const expected = {
  "1.2": [
    ...["path", "verb", "content type", "method name", "params", "id", "success", "method failure", "framing failure", "panic"],
    ...["batch, 2.0 members", "extra"],
  ],
  "1.4": [
    ...["GetInfo", "ListContainers", "GetContainer", "CreateContainer", "DeleteContainer", "SaveContainer", "StartContainer"],
    ...["StopContainer", "RestartContainer", "RebootContainer", "PauseContainer", "UnpauseContainer", "ListImages", "GetImage"],
    ...["ImportImage", "LoadImage", "PullImage", "DeleteImage"],
  ],
};

/** What the holes of replies may be filled with. */
const holes: Readonly<Record<string, string>> = {
  any: "[^]*",
  number: "\\d+",
  sha256: "sha256:[\\da-f]{64}",
  text: '(?:[^"\\\\\\n]|\\\\.)*',
};

/** Head and body of a message. */
interface Message {
  first: string;
  headers: Map<string, string>;
  body: string;
}

/** Splits a message of the fixture. */
function messageOf(text: string): Message {
  const end = text.indexOf("\n\n");
  const [first = "", ...lines] = text.slice(0, end).split("\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { first, headers: new Map(headers), body: text.slice(end + 2) };
}

/** Sends a message of the fixture on a connection of its own. */
async function exchange({ agent }: AgentBed, text: string): Promise<Message> {
  const { first, headers, body } = messageOf(text);
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(agent.endpoint).port) });
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  socket.write([`${first} HTTP/1.1`, "Host: localhost", "Connection: close", ...lines, length, "", body].join("\r\n"));
  const bytes = await buffer(socket);
  const end = bytes.indexOf("\r\n\r\n");
  const head = bytes
    .subarray(0, end)
    .toString()
    .replaceAll("\r\n", "\n")
    .replace(/^HTTP\/1\.1 (\d+).*/, "$1");
  const answer = messageOf(`${head}\n\n`);
  const sent = bytes.subarray(end + 4);
  const encoding = answer.headers.get("content-encoding");
  const plain = encoding === "gzip" ? gunzipSync(sent) : encoding === "deflate" ? inflateSync(sent) : sent;
  return { ...answer, body: plain.toString() };
}

/** A pattern of the bodies that a recorded body stands for. */
function patternOf(body: string): RegExp {
  const literal = body.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`^${literal.replace(/<(\w+)>/g, (hole, name: string) => holes[name] ?? hole)}$`);
}

/** Reads a reply as the client that came with mdocker did. @throws what that client would have thrown. */
function readAsMistify({ first, body }: Message): unknown {
  if (Number(first) >= 400) throw new Error(body);
  const { result, error } = JSON.parse(body) as { result: unknown; error: string | null };
  if (error !== null) throw new Error(error);
  if (result === null) throw new Error("unexpected null result");
  return result;
}

/** Reads a reply as the client of Go's `net/rpc/jsonrpc` does, which insists on a string as the error. @throws likewise. */
function readAsGo({ body }: Message): unknown {
  const { result, error } = JSON.parse(body) as { result: unknown; error: unknown };
  if (error === null && result !== null) return result;
  if (typeof error !== "string") throw new Error(`invalid error ${JSON.stringify(error)}`);
  throw new Error(error === "" ? "unspecified error" : error);
}

/** Returns what reading gives, or the message of its failure. */
function outcomeOf(read: (message: Message) => unknown, message: Message): unknown {
  try {
    return read(message);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Starts an agent with an image service, and names what the holes of requests stand for. */
async function scene({ engine }: Row): Promise<{ bed: AgentBed; names: Record<string, string> }> {
  const unique = (): string => `aproto-${randomBytes(5).toString("hex")}`;
  const images = { saved: unique(), imported: unique(), loaded: unique() };
  const archive = await boxArchive({ Labels: { spec: images.loaded } });
  const files = pack();
  files.entry({ name: images.imported }, "hello");
  files.finalize();
  const root = await buffer(files);
  const service = createServer(({ url }, response) => {
    if (url === `/images/${images.imported}/download`) response.end(root);
    else if (url === `/images/${images.loaded}/download`) response.end(archive);
    else response.writeHead(404).end();
  });
  const { port } = await listen(service, 0);
  const bed = await startAgent({ imageService: `127.0.0.1:${port}` });
  if (engine === "throws") bed.client.info = () => Promise.reject(new Error("a secret of the agent"));
  const guest = guestId(bed);
  onTestFinished(async () => {
    // after the guest, whose image it may be
    for (const name of Object.values(images).flatMap((id) => [id, `mistify-imports/${id}`, `${id}:1`, `${id}:2`]))
      await bed.client.removeImage({ name, force: true }).catch(() => undefined); // most rows make one of them
  });
  return { bed, names: { guest, image: IMAGE, absent: unique(), ...images } };
}

describe.each(rows)("$table, $row", (row) => {
  test("is answered byte for byte", async () => {
    const { bed, names } = await scene(row);
    const fill = (text: string): string => text.replace(/<(\w+)>/g, (hole, name: string) => names[name] ?? hole);
    for (const { request, reply } of row.exchanges) {
      const answer = await exchange(bed, fill(request));
      const { first, headers, body } = messageOf(fill(reply));
      expect(`${answer.first} ${answer.body}`, request).toMatch(new RegExp(`^${first} `));
      for (const [name, value] of headers) expect(answer.headers.get(name), `${name} of ${request}`).toBe(value);
      expect(answer.body, request).toMatch(patternOf(body));
      if (first !== "200" || body === "") continue;
      // both clients of the time understand it in the same way
      const { result, error } = JSON.parse(answer.body) as { result: unknown; error: unknown };
      expect(outcomeOf(readAsMistify, answer)).toEqual(error ?? result);
      expect(outcomeOf(readAsGo, answer)).toEqual(error ?? result);
    }
  });
});

test.each(Object.entries(expected))("every row of table %s is recorded", (table, names) => {
  expect(rows.filter((row) => row.table === table).map(({ row }) => row)).toEqual(names);
});
