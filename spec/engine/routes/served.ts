import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { HttpServer } from "../../../lib/engine/server/http-server.js";
import { type Route, Router } from "../../../lib/engine/server/router.js";

/** A response of a served route. */
interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  /** The parsed body; a list if it has several lines of JSON. */
  readonly json: unknown;
  /** The body, byte for byte. */
  readonly bytes: Buffer;
}

/** Sends a request, with a body if there is one: bytes unchanged, other values as JSON. */
export type Send = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** Serves routes for the rest of the test. */
export async function served(routes: readonly Route[]): Promise<Send> {
  const folder = await mkdtemp(join(tmpdir(), "routes-"));
  const server = new HttpServer(new Router(routes), { min: "1.24", max: "1.51" }, {});
  const socketPath = join(folder, "engine.sock");
  await server.listen({ path: socketPath });
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const isRaw = body instanceof Uint8Array;
      const headers = body === undefined ? {} : { "content-type": isRaw ? "application/x-tar" : "application/json" };
      const sent = request({ socketPath, method, path, headers, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject).on("end", () => {
          const bytes = Buffer.concat(parts);
          const text = bytes.toString();
          const isJson = response.headers["content-type"] === "application/json" && text !== "";
          const json = isJson ? parsed(text) : undefined;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json, bytes });
        });
      });
      sent.on("error", reject).end(body === undefined || isRaw ? body : JSON.stringify(body));
    });
}

function parsed(text: string): unknown {
  const lines = text.trimEnd().split("\n");
  return lines.length > 1 ? lines.map((line): unknown => JSON.parse(line)) : JSON.parse(text);
}

/** Encodes filters for a query string. */
export const filters = (values: Record<string, string[]>): string => `filters=${encodeURIComponent(JSON.stringify(values))}`;
