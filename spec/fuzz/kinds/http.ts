import { type IncomingMessage, request } from "node:http";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { ResponseParser } from "../../../lib/transport/response-parser.js";
import { cut, cuts, Finding, type KindFactory, mutated, mutations, Outcomes } from "../kind.js";

/** A response as a reader understands it, or the reason why it rejects it. */
type Read = { status: number; headers: Record<string, string>; body: string } | { rejected: string };

/** Joins the values of repeated fields. Omits a field that a plain object cannot hold. */
function joined(fields: readonly (readonly [name: string, value: string])[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    if (key === "__proto__") continue;
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries([...headers].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The result of this package's parser, and the number of bytes that belong to the response. */
function readByUs(pieces: readonly Buffer[], method: string): { read: Read; length: number } {
  const result: { head?: { status: number; headers: [string, string][] }; hasEnded: boolean } = { hasEnded: false };
  let length = 0;
  const body: Buffer[] = [];
  const parser = new ResponseParser({
    head: ({ status, headers }) => {
      result.head = { status, headers: Object.entries(headers).map(([name, value]) => [name, value ?? ""]) };
      result.hasEnded = status === 101;
      return result.hasEnded;
    },
    data: (data) => body.push(Buffer.from(data)),
    end: () => (result.hasEnded = true),
  });
  parser.begin(method);
  try {
    for (const piece of pieces) {
      if (result.hasEnded) break;
      const rest = parser.read(Buffer.from(piece));
      length += piece.length - (rest?.length ?? 0);
    }
    parser.finish();
  } catch (error) {
    if (error instanceof ProtocolError) return { read: { rejected: error.message }, length };
    throw error;
  }
  const { head, hasEnded } = result;
  if (!head || !hasEnded) return { read: { rejected: "cut off" }, length };
  return { read: { ...head, headers: joined(head.headers), body: Buffer.concat(body).toString("latin1") }, length };
}

/** The result of `node:http` for the same bytes. */
function readByNode(pieces: readonly Buffer[], method: string): Promise<Read> {
  const socket = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => done(),
    final: (done) => done(),
  });
  const createConnection = () => socket;
  const headers = { Connection: "Upgrade", Upgrade: "tcp" };
  return new Promise((resolve) => {
    const reject = (error: NodeJS.ErrnoException) => resolve({ rejected: `${error.code ?? ""} ${error.message}` });
    let isAnswered = false;
    const take = (response: IncomingMessage, isUpgraded: boolean) => {
      isAnswered = true;
      const body: Buffer[] = [];
      const { rawHeaders, statusCode: status = 0 } = response;
      const fields: [string, string][] = [];
      for (let i = 0; i < rawHeaders.length; i += 2) fields.push([rawHeaders[i] ?? "", rawHeaders[i + 1] ?? ""]);
      const done = () => resolve({ status, headers: joined(fields), body: Buffer.concat(body).toString("latin1") });
      if (isUpgraded) {
        done();
        return;
      }
      response.on("data", (chunk: Buffer) => body.push(chunk));
      response.on("end", () => (response.complete ? done() : resolve({ rejected: "cut off" })));
      response.on("error", reject);
    };
    const sent = request({ createConnection, method, headers, maxHeaderSize: 64 * 1024 });
    sent.on("response", (response) => take(response, false)).on("upgrade", (response) => take(response, true));
    sent.on("error", reject).on("close", () => {
      if (!isAnswered) resolve({ rejected: "closed" });
    });
    sent.end();
    for (const piece of pieces) socket.push(piece);
    socket.push(null);
  });
}

/** An intended difference. */
interface Difference {
  readonly why: string;
  /** The reason why this package rejects the response. */
  readonly ours?: RegExp;
  /** The reason why `node:http` rejects it. */
  readonly node?: RegExp;
  /** The cause. */
  readonly bytes: RegExp;
}

/** The documented differences from `node:http`: those that the comment in response-parser.ts lists. */
const differences: readonly Difference[] = [
  { why: "other versions", ours: /did not respond with HTTP/, bytes: /HTTP\/(?:0\.9|2\.0)/ },
  { why: "empty lines before a response", ours: /did not respond with HTTP/, bytes: /(?:^|\r\n\r\n)\r?\n/ },
  { why: "status below 100", ours: /did not respond with HTTP/, bytes: /HTTP\/1\.[01] 0\d\d/ },
  { why: "other transfer codings", ours: /unsupported transfer encoding/, bytes: /transfer-encoding/i },
  { why: "long lengths", ours: /malformed content length/, bytes: /content-length:[ \t]*\d{16}/i },
  { why: "length in vain", ours: /malformed content length/, bytes: /^HTTP\/1\.[01] (?:101|204|304)/m },
  { why: "folded lines", ours: /malformed header field/, bytes: /\r\n[ \t]/ },
  {
    why: "control characters",
    ours: /malformed header field|control character|did not respond with HTTP/,
    bytes: /[^\t\r\n\x20-\x7e\x80-\xff]/,
  },
  { why: "bare line ends", ours: /bare|malformed|did not respond with HTTP/, bytes: /(?<!\r)\n|\r(?!\n)/ },
  { why: "long heads and chunk lines", ours: /exceed|malformed chunk/, bytes: /[^\n]{4000}/ },
  {
    why: "length and chunks",
    node: /(?:can't be present|TRANSFER_ENCODING|CONTENT_LENGTH)/,
    bytes: /content-length[^]*transfer-encoding|transfer-encoding[^]*content-length/i,
  },
  { why: "repeated equal lengths", node: /CONTENT_LENGTH/, bytes: /content-length:[^\r]*(?:,|[^]*content-length)/i },
  { why: "blanks before extensions", node: /CHUNK_SIZE/, bytes: /^[0-9a-f]+[ \t]+;/im },
  { why: "malformed extensions", node: /chunk extension/, bytes: /^[0-9a-f]+;/im },
  { why: "tabs around values", bytes: /(?:content-length|transfer-encoding):[^\r]*\t/i },
  { why: "framing of interim responses", node: /CONTENT_LENGTH|TRANSFER_ENCODING/, bytes: /^HTTP\/1\.[01] 1\d\d/m },
];

function differenceOf(text: string, ours: Read, node: Read): string | undefined {
  const agrees = (reason: RegExp | undefined, read: Read) => !reason || ("rejected" in read && reason.test(read.rejected));
  return differences.find((one) => agrees(one.ours, ours) && agrees(one.node, node) && one.bytes.test(text))?.why;
}

/** Bodies with the fields that delimit them. */
const framings: readonly (readonly [field: string, body: string])[] = [
  ["Content-Length: 5\r\n", "hello"],
  ["Content-Length: 0\r\n", ""],
  ["", "hello"],
  ["Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"],
  ["transfer-encoding: CHUNKED\r\n", "5;a=b\r\nhello\r\n0;c\r\nX-T: 1\r\n\r\n"],
  ["Transfer-Encoding: chunked\r\nTrailer: X-T\r\n", '3\r\nhel\r\n2;x="y"\r\nlo\r\n000\r\nX-T: 1\r\nX-U:\t2 \r\n\r\n'],
  ["Transfer-Encoding: chunked\r\n", `A\r\nhellohello\r\n1000\r\n${"0".repeat(4096)}\r\n0\r\n\r\n`],
];

const oddFields = [
  ...["5, 5", "6", "-1", "+5", "5x", "", "99999999999999999999", "\xa05"].map((value) => `Content-Length: ${value}`),
  ...["gzip, chunked", "chunked, chunked", "identity", "\xa0chunked", "", "x"].map((value) => `Transfer-Encoding: ${value}`),
  "Content-Length : 5",
  "content-length:\t5 ",
  "X-A: b\r\n folded",
  "X A: b",
  "X-A b",
  ": b",
  "__proto__: x",
  "constructor: y",
];
const plainFields = [
  ...["Connection: close", "Connection: keep-alive", "Connection: Upgrade", "Upgrade: tcp", "X-A: b", "X-A:", "X-A: \xe4\xff"],
  ...["Date: now", "Set-Cookie: a=b", "Content-Type: a/b;c"],
];
const fields = fc.array(
  fc.oneof(
    { weight: 100, arbitrary: fc.constantFrom(...plainFields) },
    { weight: 6, arbitrary: fc.constantFrom(...oddFields) },
    { weight: 1, arbitrary: fc.nat({ max: 70_000 }).map((length) => `X-Long: ${"l".repeat(length)}`) },
  ),
  { maxLength: 4 },
);
const often = <T>(usual: readonly T[], others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const interims = often(
  [""],
  ["100 Continue\r\n", "103 Early\r\nLink: x\r\n", "102 P\r\nContent-Length: 5\r\n"].map((text) => `HTTP/1.1 ${text}\r\n`),
);
const statusLines = fc
  .tuple(
    often(["1.1"], ["1.0", "1.2", "2.0", "0.9", "1", "1.10"]),
    often(["200", "201", "204", "304", "404", "500"], ["101", "199", "099", "1000", "20", "999"]),
    often([" OK", " ", ""], [" A \xe4 b", "  OK", "\tOK", " \x01"]),
  )
  .map(([version, status, reason]) => `HTTP/${version} ${status}${reason}\r\n`);
const surplus = often([""], ["HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "garbage", "\r\n", "\x00"]);

/** Heads, bodies in all framings, and the bytes that follow them. */
export const http: KindFactory = () => {
  const outcomes = new Outcomes();
  const property = fc.asyncProperty(
    fc.constantFrom("GET", "GET", "POST", "HEAD"),
    fc.tuple(interims, statusLines, fields, fc.constantFrom(...framings), surplus),
    mutations(["\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", ";", "0", "\x00", ":", ",", "\r\n "]),
    cuts(),
    async (method, [interim, statusLine, lines, [framing, body], rest], changes, places) => {
      const hasBody = method !== "HEAD" && !/ (?:204|304)/.test(statusLine);
      const head = `${statusLine}${lines.map((line) => `${line}\r\n`).join("")}${framing}\r\n`;
      const bytes = mutated(Buffer.from(`${interim}${head}${hasBody ? body : ""}${rest}`, "latin1"), changes);
      const { read: ours, length } = readByUs(cut(bytes, places), method);
      // node:http reports bytes after a response as an error of the response
      const own = "rejected" in ours ? bytes : bytes.subarray(0, length);
      const node = await readByNode(cut(own, places), method);
      const shown = [JSON.stringify(ours), JSON.stringify(node)] as const;
      if ("rejected" in ours && "rejected" in node) outcomes.count("rejected by both");
      else if (shown[0] === shown[1]) outcomes.count("read alike");
      else {
        const text = own.toString("latin1");
        const why = differenceOf(text, ours, node);
        if (why === undefined) {
          throw new Finding(
            `ours ${shown[0].slice(0, 800)}\nnode ${shown[1].slice(0, 800)}\n${method} ${JSON.stringify(text.slice(0, 1_500))}`,
          );
        }
        outcomes.count(why);
      }
    },
  );
  return { about: "HTTP responses against node:http", property, outcomes, close: () => undefined };
};
