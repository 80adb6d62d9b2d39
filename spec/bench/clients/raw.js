// The baseline: node:http with keep-alive connections, and the minimum of code that an application needs on top.

import { once } from "node:events";
import { Agent, request } from "node:http";
import { pipeline } from "node:stream/promises";
import { address } from "../address.js";
import { Demultiplexer, JsonLines } from "../decoders.js";
import { Counter, source } from "../streams.js";

/** The methods that the client does not support, with the reason. */
export const cannot = {};

async function demultiplex(stream) {
  const [stdout, stderr] = [new Counter(), new Counter()];
  const demultiplexer = new Demultiplexer(stdout, stderr);
  await new Promise((resolve, reject) => {
    stream.on("data", (chunk) => {
      const full = demultiplexer.take(chunk);
      if (!full) return;
      stream.pause();
      full.once("drain", () => stream.resume());
    });
    stream.on("end", resolve).on("error", reject);
  });
  demultiplexer.end();
  return { stdout: stdout.bytes, stderr: stderr.bytes };
}

/** Parses each line as JSON. */
function readLines(stream, onMessage) {
  const lines = new JsonLines(onMessage);
  return new Promise((resolve, reject) => {
    stream.on("data", (chunk) => lines.take(chunk));
    stream.on("end", resolve).on("error", reject).on("close", resolve);
  });
}

function readAll(stream) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => resolve(Buffer.concat(chunks))).on("error", reject);
  });
}

class Raw {
  #where;

  constructor(where) {
    this.#where = { ...where, agent: new Agent({ keepAlive: true }) };
  }

  /** Sends a request with a string as the body, or a body that `send` writes. Returns the response. */
  #call(method, path, { headers, body, send } = {}) {
    return new Promise((resolve, reject) => {
      const sent = request({ ...this.#where, method, path, headers }, (answer) => {
        if (answer.statusCode < 300) {
          resolve(answer);
          return;
        }
        const refused = (text) => reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
        readAll(answer).then(refused, reject);
      });
      sent.on("upgrade", (_answer, socket, first) => {
        if (first.length > 0) socket.unshift(first);
        resolve(socket);
      });
      sent.on("error", reject);
      if (send) send(sent).catch(reject);
      else sent.end(body);
    });
  }

  /** Sends a request with a JSON body. Returns the JSON of the response. */
  async json(method, path, object) {
    const headers = object && { "Content-Type": "application/json" };
    const text = await readAll(await this.#call(method, path, { headers, body: object && JSON.stringify(object) }));
    return text.length > 0 ? JSON.parse(text.toString()) : undefined;
  }

  async ping() {
    return (await readAll(await this.#call("GET", "/_ping"))).toString();
  }

  inspect(id) {
    return this.json("GET", `/containers/${id}/json`);
  }

  list() {
    return this.json("GET", "/containers/json?all=1");
  }

  async logs(id) {
    return demultiplex(await this.#call("GET", `/containers/${id}/logs?stdout=1&stderr=1`));
  }

  async attach(id, connected) {
    const output = demultiplex(await this.#hijack(`/containers/${id}/attach?stream=1&stdout=1&stderr=1`));
    await connected?.();
    return output;
  }

  async exec(id, command) {
    const exec = await this.json("POST", `/containers/${id}/exec`, { AttachStdout: true, AttachStderr: true, Cmd: command });
    return demultiplex(await this.#hijack(`/exec/${exec.Id}/start`, "{}"));
  }

  #hijack(path, body = "") {
    const headers = { Connection: "Upgrade", Upgrade: "tcp", "Content-Type": "application/json", "Content-Length": body.length };
    return this.#call("POST", path, { headers, body });
  }

  /** Calls every listener with every event. Returns a function that stops it. */
  async events(listeners) {
    const stream = await this.#call("GET", "/events");
    const tell = (event) => {
      for (const listener of listeners) listener(event);
    };
    // stopping destroys the stream, which rejects this promise
    readLines(stream, tell).catch(() => undefined);
    return () => stream.destroy();
  }

  async pull(repository, onProgress) {
    await readLines(
      await this.#call("POST", `/images/create?fromImage=${encodeURIComponent(repository)}&tag=latest`),
      onProgress,
    );
  }

  async build(context, name) {
    const { pack } = await import("./raw-pack.js");
    const headers = { "Content-Type": "application/x-tar" };
    const send = async (sent) => {
      for await (const block of pack(context)) if (!sent.write(block)) await once(sent, "drain");
      sent.end();
    };
    await readLines(await this.#call("POST", `/build?t=${name}`, { headers, send }), () => undefined);
  }

  export(id) {
    return this.#count(`/containers/${id}/export`);
  }

  copyOut(id, path) {
    return this.#count(`/containers/${id}/archive?path=${encodeURIComponent(path)}`);
  }

  async #count(path) {
    const counter = new Counter();
    await pipeline(await this.#call("GET", path), counter);
    return counter.bytes;
  }

  async load(bytes) {
    await readLines(await this.#upload("POST", "/images/load", bytes), () => undefined);
  }

  async copyIn(id, path, bytes) {
    await readAll(await this.#upload("PUT", `/containers/${id}/archive?path=${encodeURIComponent(path)}`, bytes));
  }

  #upload(method, path, bytes) {
    const headers = { "Content-Type": "application/x-tar" };
    return this.#call(method, path, { headers, send: (sent) => pipeline(source(bytes), sent) });
  }
}

/**
 * Creates the client.
 *
 * @param {string} endpoint
 */
export const open = (endpoint) => new Raw(address(endpoint));
