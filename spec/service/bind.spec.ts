import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bind } from "../../lib/service/bind.js";
import { temporaryFolder } from "../support/servers.js";

function closed(server: Server): Server {
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return server;
}

test("a socket that nobody listens on any more is replaced", async () => {
  const path = join(await temporaryFolder(), "service.sock");
  const leave = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
  expect(() => execFileSync(process.execPath, ["-e", leave, path], { stdio: "ignore" })).toThrow();
  expect(lstatSync(path).isSocket()).toBe(true);
  expect(await bind(closed(createServer()), { path })).toBe(`unix://${path}`);
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
});

test("a socket that another listens on is left to it", async () => {
  const path = join(await temporaryFolder(), "service.sock");
  await bind(closed(createServer((socket) => socket.end())), { path });
  await expect(bind(createServer(), { path })).rejects.toThrow(`${path} is in use: another process listens on it`);
  expect(existsSync(path)).toBe(true);
});

test("a file that is no socket is left where it is", async () => {
  const path = join(await temporaryFolder(), "a-file");
  writeFileSync(path, "content");
  await expect(bind(createServer(), { path })).rejects.toThrow("EADDRINUSE");
  expect(lstatSync(path).isFile()).toBe(true);
});

test("a port of 0 becomes one that is free", async () => {
  expect(await bind(closed(createServer()), { host: "127.0.0.1", port: 0 })).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
});
