import { gunzipSync, inflateSync } from "node:zlib";
import { Finding } from "./kind.js";
import type { Answer } from "./send.js";

/** What no failure may contain: a stack, a path of the host, the words of a mistake, or the code of an internal error. */
export const mistakes =
  /\n? +at \S+ \(|\/tmp\/|node_modules|\.[jt]s:\d+|-32603|(?:Type|Range|Reference|Syntax)Error|is not a function|ENOENT|EACCES/;

/** The statuses of answers that are texts. */
const refusals = new Set([400, 403, 405, 413, 415]);

/** Returns the text of an answer, decompressed. */
function textOf({ headers, body }: Answer): string {
  const encoding = headers["content-encoding"];
  if (encoding === "gzip") return gunzipSync(body).toString();
  return (encoding === "deflate" ? inflateSync(body) : body).toString();
}

/** Checks that an answer is one of its version of JSON-RPC, or a refusal with a reason. @throws a {@link Finding}. */
export function checkAnswer(answer: Answer, sent: Buffer): void {
  const { status, headers } = answer;
  if (status === 0) return;
  const text = textOf(answer);
  const type = headers["content-type"] ?? "";
  const isWrong = (what: string): never => {
    throw new Finding(`${what}: ${status} ${type} ${text.slice(0, 1_000)}`);
  };
  if (mistakes.test(failuresIn(status, text))) isWrong("a failure shows what it should not");
  if (status === 204) return text === "" ? undefined : isWrong("no content has some");
  if (refusals.has(status))
    return text === "" || !type.startsWith("text/plain") ? isWrong("a refusal gives no reason") : undefined;
  if (status !== 200) isWrong("unexpected status");
  if (headers["x-content-type-options"] !== "nosniff") isWrong("browsers may guess what this is");
  if (type.startsWith("text/event-stream")) {
    checkEvents(text, isWrong);
    return;
  }
  if (text === "") return; // a notification of JSON-RPC 1.0
  const asked = parsed(sent.toString());
  const answered = parsed(text) ?? isWrong("no JSON");
  for (const each of [answered].flat()) checkMember(each, isWrong);
  const sentId = idIn(asked);
  const id = idIn(answered);
  const hasFailedBefore = id === null;
  if (sentId !== undefined && id !== undefined && !hasFailedBefore && JSON.stringify(id) !== JSON.stringify(sentId))
    isWrong(`the ID is not ${JSON.stringify(sentId)}`);
}

type IsWrong = (what: string) => never;

function checkEvents(text: string, isWrong: IsWrong): void {
  const events = text.split("\n\n").filter((event) => event !== "" && !event.startsWith(":"));
  for (const event of events) {
    const [, name, data = ""] = /^event: (progress|result)\ndata: (.*)$/.exec(event) ?? [];
    const value = name === undefined ? isWrong("no event") : (parsed(data) ?? isWrong("no JSON in an event"));
    if (name === "result") checkMember(value, isWrong);
  }
  if (events.slice(0, -1).some((event) => event.startsWith("event: result"))) isWrong("something follows the result");
}

function checkMember(member: unknown, isWrong: IsWrong): void {
  if (typeof member !== "object" || member === null || !("id" in member)) isWrong("no response of JSON-RPC");
  const { jsonrpc, result, error } = member as Record<string, unknown>;
  if (jsonrpc === undefined) {
    if ((result === null) === (error === null)) isWrong("not either a result or an error");
    if (error !== null && (typeof error !== "string" || error === "")) isWrong("an error without words");
    return;
  }
  if (jsonrpc !== "2.0" || (result === undefined) === (error === undefined)) isWrong("not either a result or an error");
  if (error === undefined) return;
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: { kind?: unknown } };
  if (!Number.isInteger(code) || typeof message !== "string" || message === "" || typeof data?.kind !== "string")
    isWrong("an error that says too little");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The ID of one request or response. */
function idIn(value: unknown): unknown {
  return typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
}

/** What an answer says of failures. Results show the engine's own paths. */
function failuresIn(status: number, text: string): string {
  return status === 200 ? (text.match(/"error":(?:"(?:[^"\\]|\\.)*"|\{.*?\}\})/g) ?? []).join("\n") : text;
}

/** The outcome of a call, for the report. */
export function kindOf(answer: Answer): string {
  const { status, headers } = answer;
  if (status !== 200) return status === 0 ? "left" : String(status);
  const text = textOf(answer);
  const [, code] = /"error":\{"code":(-\d+)/.exec(text) ?? [];
  const events = headers["content-type"]?.startsWith("text/event-stream") ? "events " : "";
  return events + (code ?? (/"error":"/.test(text) ? "1.0 error" : "answered"));
}
