// This package, used like an application does.

import { Counter, source } from "../streams.js";

/** The methods that the client does not support, with the reason. */
export const cannot = {};

class Ours {
  #client;

  constructor(client) {
    this.#client = client;
  }

  ping() {
    return this.#client.ping();
  }

  inspect(id) {
    return this.#client.inspectContainer({ id });
  }

  list() {
    return this.#client.listContainers({ all: true });
  }

  async logs(id) {
    const [outputStream, errorStream] = [new Counter(), new Counter()];
    await this.#client.logs({ id, outputStream, errorStream });
    return { stdout: outputStream.bytes, stderr: errorStream.bytes };
  }

  async attach(container, connected) {
    const [outputStream, errorStream] = [new Counter(), new Counter()];
    await this.#client.attachToContainer({ container, outputStream, errorStream, onConnected: connected });
    return { stdout: outputStream.bytes, stderr: errorStream.bytes };
  }

  async exec(container, command) {
    const { Id: id } = await this.#client.createExec({ container, cmd: command, attachStdout: true, attachStderr: true });
    const [outputStream, errorStream] = [new Counter(), new Counter()];
    await this.#client.startExec({ id, outputStream, errorStream });
    return { stdout: outputStream.bytes, stderr: errorStream.bytes };
  }

  /** Calls every listener with every event. Returns a function that stops it. */
  async events(listeners) {
    await Promise.all(listeners.map((listener) => this.#client.addEventListener(listener)));
    return () => listeners.forEach((listener) => this.#client.removeEventListener(listener));
  }

  async pull(repository, onProgress) {
    await this.#client.pullImage({ repository, onProgress });
  }

  async build(contextDir, name) {
    await this.#client.buildImage({ contextDir, name });
  }

  async export(id) {
    const outputStream = new Counter();
    await this.#client.exportContainer({ id, outputStream });
    return outputStream.bytes;
  }

  async copyOut(container, path) {
    const outputStream = new Counter();
    await this.#client.downloadFromContainer({ container, path, outputStream });
    return outputStream.bytes;
  }

  async load(bytes) {
    await this.#client.loadImage({ inputStream: source(bytes) });
  }

  async copyIn(container, path, bytes) {
    await this.#client.uploadToContainer({ container, path, inputStream: source(bytes) });
  }
}

/**
 * Creates the client.
 *
 * @param {string} endpoint
 * @param {string} entry - the build to measure.
 */
export async function open(endpoint, entry) {
  const { Client } = await import(entry);
  return new Ours(new Client({ endpoint, auth: false }));
}
