import { Readable } from "node:stream";
import type { Client } from "../../lib/client.js";
import type { CallOptions } from "../../lib/core/call-options.js";
import { describeOptions } from "../../lib/core/operation.js";
import { describeOperations } from "../../lib/index.js";
import { conveniences } from "./operation-names.js";

/** Values of required options. */
const values: Readonly<Record<string, unknown>> = {
  cmd: ["true"],
  config: { Image: "app" },
  height: 24,
  width: 80,
  names: ["app"],
  plugin: "folder",
  remoteAddrs: ["manager:2377"],
  settings: ["A=1"],
  spec: {},
  update: { Memory: 4_194_304 },
  version: 1,
};

/** Options of methods that need more than the required ones or do not describe them. */
const samples: Readonly<Record<string, () => object>> = {
  attachToContainerNonBlocking: () => ({ container: "web" }),
  buildImage: () => ({ contextStream: Readable.from(["x"]) }),
  containerDiff: () => ({ id: "web" }),
  containerTop: () => ({ id: "web" }),
  copyToContainer: () => ({ container: "web", path: "/file", content: "x", makeParents: true }),
  createPlugin: () => ({ name: "plugin", contextStream: Readable.from(["x"]) }),
  execute: () => ({ container: "web", cmd: ["true"] }),
  importImage: () => ({ repository: "app", source: "https://registry.example/app.tar" }),
  insertImageFile: () => ({ name: "app", path: "/file", content: "x" }),
  loadImage: () => ({ inputStream: Readable.from(["x"]) }),
  networkInfo: () => ({ id: "web" }),
  output: () => ({ image: "app" }),
  request: () => ({ path: "/containers/json" }),
  runContainer: () => ({ image: "app" }),
  startExec: () => ({ id: "web", tty: false }),
  startExecNonBlocking: () => ({ id: "web", tty: false }),
  upgradePlugin: () => ({ name: "plugin", remote: "plugin:2" }),
  uploadToContainer: () => ({ container: "web", path: "/", inputStream: Readable.from(["x"]) }),
  waitForHealthy: () => ({ id: "web" }),
  waitForLog: () => ({ id: "web", pattern: "ready" }),
  waitForService: () => ({ id: "web" }),
};

/** Returns options that are valid for a method of the client. */
function sampleOptions(name: string): object {
  const sample = samples[name];
  if (sample) return sample();
  if (!describeOperations().some((operation) => operation.name === name)) return {};
  const required = describeOptions(name).filter((option) => option.required || option.in === "path");
  return Object.fromEntries(required.map(({ option }) => [option, values[option] ?? "web"]));
}

/** Calls a method of the client by its name, with valid options, and waits for its result, or for its first value. */
export async function callSample(client: Client, name: string, call?: CallOptions): Promise<unknown> {
  if (name === "addEventListener") return client.addEventListener(() => undefined);
  const methods = client as unknown as Record<string, (options: object, call?: CallOptions) => unknown>; // every name is a method
  const result = methods[name]?.call(client, sampleOptions(name), call);
  if (name === "streamEvents") return (result as AsyncIterator<unknown>).next();
  return await result;
}

/** Names of all methods that send requests. */
export const methodNames = (): string[] =>
  [...new Set([...describeOperations().map(({ name }) => name), ...conveniences()])]
    .filter((name) => name !== "removeEventListener")
    .sort();
