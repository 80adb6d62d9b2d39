import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { freshProcess } from "../support/fresh-process.js";
import { listen } from "../support/servers.js";

/** An engine that answers inspections and creations, and holds everything else. */
async function slowEngine(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    const { url = "" } = request;
    if (url.includes("/images/")) response.end('{"Id":"sha256:1","Config":{"Cmd":["sh"]}}');
    else if (url.includes("/containers/create")) response.end('{"Id":"c"}');
    else if (request.method === "DELETE") response.writeHead(204).end();
  });
  return (await listen(server)).endpoint;
}

/** A web server that closes the connection in the middle of a file. */
async function brokenDownload(): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Length": 100_000 });
    response.write(Buffer.alloc(1000), () => setImmediate(() => response.destroy()));
  });
  const { port } = await listen(server, 0);
  return `http://127.0.0.1:${port}/file`;
}

const script = `
const { createReadStream, createWriteStream } = await import("node:fs");
const client = new docker.Client({ endpoint: process.env.ENDPOINT, apiVersion: "1.51", auth: false });
const outputStream = () => createWriteStream("/nowhere/file");
const inputStream = () => createReadStream("/nowhere/file");
const calls = {
  logs: () => client.logs({ id: "x", follow: true, outputStream: outputStream() }),
  attach: () => client.attachToContainer({ container: "x", inputStream: inputStream() }),
  execute: () => client.execute({ container: "x", cmd: ["cat"], input: inputStream(), outputStream: outputStream() }),
  build: () => client.buildImage({ inputStream: inputStream(), outputStream: outputStream() }),
  pull: () => client.pullImage({ repository: "x", outputStream: outputStream() }),
  run: () => client.runContainer({ image: "x", outputStream: outputStream(), errorStream: outputStream() }),
  copy: () => client.copyToContainer({ container: "x", path: "/y", content: inputStream(), makeParents: true }),
  misspelt: () => client.logs({ id: "x", outputstream: outputStream() }),
  insert: () => client.insertImageFile({ name: "x", path: "/y", url: process.env.DOWNLOAD }),
};
const outcomes = await Promise.all(Object.values(calls).map((call) => call().then(() => "resolved", (error) => error.name)));
console.log(Object.keys(calls).map((name, index) => name + " " + outcomes[index]).join("\\n"));
await client.close();
`;

describe("streams of the caller that fail early", () => {
  it("do not end the process", async () => {
    const env = { ENDPOINT: await slowEngine(), DOWNLOAD: await brokenDownload() };
    const { code, stdout, stderr } = await freshProcess(script, env);
    expect({ code, stderr, outcomes: stdout.trim().split("\n") }).toEqual({
      code: 0,
      stderr: "",
      outcomes: [
        "logs OutputStreamError",
        "attach InputStreamError",
        expect.stringMatching(/^execute (?:Input|Output)StreamError$/),
        expect.stringMatching(/^build (?:Input|Output)StreamError$/),
        "pull OutputStreamError",
        "run OutputStreamError",
        "copy InputStreamError",
        "misspelt InvalidOptionError",
        "insert InputStreamError",
      ],
    });
  }, 30_000);
});
