import { Readable } from "node:stream";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Client } from "../../lib/client.js";
import { httpServer } from "../support/servers.js";

const PASSWORD = 'sesame&<open>"1"';
const KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n";
const TOKEN = "SWMTKN-1-a-very-long-token";
const auth = { username: "somebody", password: PASSWORD, serveraddress: "registry.example" };
const image = "registry.example/app:1";

/** The forms in which a secret could appear: verbatim, without its beginning, and encoded. */
const secrets = [
  "sesame",
  "MIGHAgEAMBMGByqGSM49",
  "a-very-long-token",
  Buffer.from(JSON.stringify(auth)).toString("base64url").slice(10, 60),
  Buffer.from(KEY).toString("base64").slice(4, 40),
];

type Call = (client: Client) => PromiseLike<unknown>;

const calls: Readonly<Record<string, Call>> = {
  pullImage: (client) => client.pullImage({ repository: image, auth }),
  pushImage: (client) => client.pushImage({ name: image, auth }),
  buildImage: (client) =>
    client.buildImage({
      inputStream: Readable.from(["x"]),
      authConfigs: { "registry.example": auth },
      buildArgs: { NPM_TOKEN: TOKEN, DB_PASSWORD: PASSWORD },
    }),
  searchImages: (client) => client.searchImages({ term: image, auth }),
  inspectDistribution: (client) => client.inspectDistribution({ name: image, auth }),
  authCheck: (client) => client.authCheck(auth),
  createContainer: (client) => client.createContainer({ config: { Image: image, Env: [`DB_PASSWORD=${PASSWORD}`] } }),
  createExec: (client) => client.createExec({ container: "x", cmd: ["env"], env: [`API_TOKEN=${TOKEN}`] }),
  createService: (client) =>
    client.createService({ auth, spec: { TaskTemplate: { ContainerSpec: { Image: image, Env: [`PASSWORD=${PASSWORD}`] } } } }),
  createSecret: (client) => client.createSecret({ name: "key", data: KEY }),
  createConfig: (client) => client.createConfig({ name: "key", data: KEY }),
  initSwarm: (client) => client.initSwarm({ spec: { CAConfig: { SigningCAKey: KEY } } }),
  joinSwarm: (client) => client.joinSwarm({ remoteAddrs: ["a"], joinToken: TOKEN }),
  unlockSwarm: (client) => client.unlockSwarm({ unlockKey: "SWMKEY-1-a-very-long-token" }),
  getPluginPrivileges: (client) => client.getPluginPrivileges({ remote: image, auth }),
  installPlugins: (client) => client.installPlugins({ remote: image, auth, privileges: [] }),
  upgradePlugin: (client) => client.upgradePlugin({ name: "x", remote: image, auth, privileges: [] }),
  pushPlugin: (client) => client.pushPlugin({ name: image, auth }),
  configurePlugin: (client) => client.configurePlugin({ name: "x", settings: [`SECRET=${PASSWORD}`] }),
  ping: (client) => client.ping({}, { headers: { Authorization: `Bearer ${TOKEN}` } }),
  info: (client) => client.info({}, { headers: { Authorization: `Basic ${Buffer.from(`me:${PASSWORD}`).toString("base64")}` } }),
};

/** The answers of a hostile engine or proxy, which repeat a text. */
const answers: Readonly<Record<string, (text: string) => { status: number; body: string; type?: string }>> = {
  "a message": (text) => ({ status: 500, body: JSON.stringify({ message: text }) }),
  "a message three JSON levels deep": (text) => ({
    status: 400,
    body: JSON.stringify({ message: JSON.stringify(JSON.stringify(text)) }),
  }),
  "a body that is not JSON": (text) => ({ status: 404, body: text, type: "text/plain" }),
  "a typed rejection": (text) => ({ status: 409, body: JSON.stringify({ message: text }) }),
  "an error in a stream": (text) => ({
    status: 200,
    body: `${JSON.stringify({ stream: text })}\n${JSON.stringify({ errorDetail: { message: text }, error: text })}\n`,
  }),
  "a stream that is not JSON": (text) => ({ status: 200, body: text }),
};

/** Returns every string that a log could show of an error. */
function shown(error: unknown): string {
  const parts = [inspect(error, { depth: null, showHidden: true, getters: true, maxStringLength: null })];
  for (let each = error; each instanceof Error; each = each.cause) {
    parts.push(each.message, each.stack ?? "", JSON.stringify(each, Object.getOwnPropertyNames(each)));
  }
  return parts.join("\n");
}

/** Decodes base64, which may follow a scheme such as `Basic`. */
const readable = (value: string): string => Buffer.from(value.replace(/^\w+ /, ""), "base64").toString();

describe.each(Object.entries(calls))("an engine that echoes the request of %s", (name, call) => {
  it.each(Object.entries(answers))("in %s does not expose secrets in the error", async (_what, answer) => {
    let isRepeated = false;
    const { endpoint } = await httpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const headers = Object.values(request.headers).map(String);
        const body = Buffer.concat(chunks).toString();
        const data = /"Data":"([^"]*)"/.exec(body)?.[1] ?? "";
        const query = decodeURIComponent(request.url ?? "");
        const text = [request.url, query, ...headers, ...headers.map(readable), body, readable(data)].join("\n");
        const isPreparation = request.method === "GET" && request.url?.includes("/plugins/") && name !== "getPluginPrivileges";
        const { status, body: repeated, type = "application/json" } = isPreparation ? { status: 200, body: "[]" } : answer(text);
        isRepeated ||= secrets.some((secret) => text.includes(secret));
        response.writeHead(status, { "Content-Type": type }).end(repeated);
      });
    });
    const client = new Client({ endpoint, apiVersion: "1.51", auth: false });
    const outcome = await call(client).then(
      () => undefined,
      (error: unknown) => error,
    );
    await client.close();
    expect(isRepeated).toBe(true);
    for (const secret of secrets) expect(shown(outcome)).not.toContain(secret);
  });
});
