import { describe, expect, it } from "vitest";
import { freshProcess } from "../support/fresh-process.js";
import { netServer, onRequest } from "../support/servers.js";

const head = (fields: string) => `HTTP/1.1 200 OK\r\n${fields}\r\n`;

/**
 * A server that begins its responses and never ends them. It does not answer inspections, which follow a response without a
 * content type.
 */
async function silentEngine() {
  return netServer((socket) => {
    onRequest(socket, (request) => {
      if (request.includes("/json")) return;
      if (request.includes("Upgrade:")) socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nbytes");
      else socket.write(`${head("Transfer-Encoding: chunked\r\n")}5\r\nbytes\r\n`);
    });
  });
}

/** Begins a call and ends it after its response has begun. */
const script = `
const { endpoint, CALL: name, ENDING: ending } = { ...process.env, endpoint: process.env.ENDPOINT };
const client = new docker.Client({ endpoint, apiVersion: "1.51", auth: false });
const controller = new AbortController();
const { signal } = controller;
const calls = {
  logs: () => client.logs({ id: "web", follow: true }, { signal }),
  attach: () => client.attachToContainerNonBlocking({ container: "web" }, { signal }),
  request: () => client.request({ path: "/events" }, { signal }),
  hijack: () => client.request({ path: "/session", method: "POST", hijack: "h2c" }, { signal }),
  export: () => client.exportContainer({ id: "web" }, { signal }),
};
const outcome = calls[name]().then(() => "resolved", (error) => error.name);
while ((await client.connections()) < (name === "logs" || name === "attach" ? 2 : 1)) await new Promise(setImmediate);
if (name !== "logs" && name !== "attach") await outcome;
if (ending === "abort") controller.abort();
else await client.close();
console.log(await outcome);
for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
await client.close();
`;

describe("a response that is cut off before it is read", () => {
  it.each([
    ["logs", "abort", "AbortError"],
    ["logs", "close", "ClientClosedError"],
    ["attach", "abort", "AbortError"],
    ["attach", "close", "ClientClosedError"],
    ["request", "abort", "resolved"],
    ["request", "close", "resolved"],
    ["hijack", "abort", "resolved"],
    ["hijack", "close", "resolved"],
    ["export", "abort", "resolved"],
    ["export", "close", "resolved"],
  ])(
    "does not end the process: %s, %s",
    async (CALL, ENDING, expected) => {
      const { endpoint } = await silentEngine();
      const { code, stdout, stderr } = await freshProcess(script, { ENDPOINT: endpoint, CALL, ENDING });
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${expected}\n`, stderr: "" });
    },
    30_000,
  );
});
