// dockerode, used as in its documentation.

import { readdir } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import Docker from "dockerode";
import { address } from "../address.js";
import { Counter, source } from "../streams.js";

/** The methods that the client does not support, with the reason. */
export const cannot = {};

class Dockerode {
  #docker;

  constructor(docker) {
    this.#docker = docker;
  }

  ping() {
    return this.#docker.ping();
  }

  inspect(id) {
    return this.#docker.getContainer(id).inspect();
  }

  list() {
    return this.#docker.listContainers({ all: true });
  }

  // without `follow` it buffers the whole output
  async logs(id) {
    return this.#demultiplex(await this.#docker.getContainer(id).logs({ follow: true, stdout: true, stderr: true }));
  }

  async attach(id, connected) {
    const stream = await this.#docker.getContainer(id).attach({ hijack: true, stream: true, stdout: true, stderr: true });
    const output = this.#demultiplex(stream);
    await connected?.();
    return output;
  }

  async exec(id, command) {
    const exec = await this.#docker.getContainer(id).exec({ AttachStdout: true, AttachStderr: true, Cmd: command });
    return this.#demultiplex(await exec.start({ hijack: true }));
  }

  #demultiplex(stream) {
    const [stdout, stderr] = [new Counter(), new Counter()];
    this.#docker.modem.demuxStream(stream, stdout, stderr);
    return new Promise((resolve, reject) => {
      stream.on("end", () => resolve({ stdout: stdout.bytes, stderr: stderr.bytes })).on("error", reject);
    });
  }

  #follow(stream, onMessage) {
    return new Promise((resolve, reject) => {
      this.#docker.modem.followProgress(stream, (error, messages) => (error ? reject(error) : resolve(messages)), onMessage);
    });
  }

  /** Calls every listener with every event. Returns a function that stops it. */
  async events(listeners) {
    const stream = await this.#docker.getEvents();
    // stopping destroys the stream, which rejects this promise
    this.#follow(stream, (event) => listeners.forEach((listener) => listener(event))).catch(() => undefined);
    return () => stream.destroy();
  }

  async pull(repository, onProgress) {
    await this.#follow(await this.#docker.pull(repository), onProgress);
  }

  async build(context, t) {
    await this.#follow(await this.#docker.buildImage({ context, src: await readdir(context) }, { t }));
  }

  async export(id) {
    return this.#count(await this.#docker.getContainer(id).export());
  }

  async copyOut(id, path) {
    return this.#count(await this.#docker.getContainer(id).getArchive({ path }));
  }

  async #count(stream) {
    const counter = new Counter();
    await pipeline(stream, counter);
    return counter.bytes;
  }

  async load(bytes) {
    await this.#follow(await this.#docker.loadImage(source(bytes)));
  }

  async copyIn(id, path, bytes) {
    const stream = await this.#docker.getContainer(id).putArchive(source(bytes), { path });
    await pipeline(stream, new Counter());
  }
}

/**
 * Creates the client.
 *
 * @param {string} endpoint
 */
export const open = (endpoint) => new Dockerode(new Docker(address(endpoint)));
