import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { RegistryClient } from "../../../lib/engine/registry/registry-client.js";

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** Starts a registry that answers some paths with a text, and all others with status 200. Returns its address. */
async function startRegistry(answers: Readonly<Record<string, [status: number, body: string]>>): Promise<string> {
  const server = createServer(({ url = "", headers }, response) => {
    const path = url.replace(/\?.*/, "");
    if (path === "/v2/" && "/token" in answers) {
      response.setHeader("www-authenticate", `Bearer realm="http://${headers.host ?? ""}/token"`);
      response.writeHead(401).end();
      return;
    }
    const [status, body] = answers[path] ?? [200, "{}"];
    response.writeHead(status).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const malformed = [
  [`{"token":${nested(50_000)}}`, "exceeded max depth"],
  ["null", "it is no JSON object"],
  ["[]", "it is no JSON object"],
  ["<html>", "Unexpected token"],
] as const;

test.each(malformed)("a token response %.20s is refused", async (body, reason) => {
  const registry = await startRegistry({ "/token": [200, body] });
  const opened = RegistryClient.open({ registry, path: "x" }, "pull", {});
  await expect(opened).rejects.toMatchObject({
    status: 500,
    message: expect.stringContaining("unable to decode token response: "),
  });
  await expect(opened).rejects.toThrow(reason);
});

test.each(malformed)("a list of tags %.20s is refused", async (body, reason) => {
  const registry = await startRegistry({ "/v2/x/tags/list": [200, body] });
  const client = await RegistryClient.open({ registry, path: "x" }, "pull", {});
  const tags = client.tags();
  await expect(tags).rejects.toMatchObject({ status: 500, message: expect.stringContaining("unable to decode tags: ") });
  await expect(tags).rejects.toThrow(reason);
});

test("errors that are nested too deeply count as none", async () => {
  const registry = await startRegistry({
    "/v2/x/tags/list": [404, `{"errors":[{"code":"X","message":"y","detail":${nested(50_000)}}]}`],
  });
  const client = await RegistryClient.open({ registry, path: "x" }, "pull", {});
  await expect(client.tags()).rejects.toMatchObject({ status: 404, code: "NOT_FOUND" });
});
