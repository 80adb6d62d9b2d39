// @docker/node-sdk, used as in its types and tests.

import { DockerClient } from "@docker/node-sdk";
import { Counter, webCounter, webSource } from "../streams.js";

/** The methods that the client does not support, with the reason. */
export const cannot = {
  copyIn: "node-sdk sends the JSON text of the stream object instead of its content",
};

class NodeSdk {
  #docker;

  constructor(docker) {
    this.#docker = docker;
  }

  ping() {
    return this.#docker.systemPing();
  }

  inspect(id) {
    return this.#docker.containerInspect(id);
  }

  list() {
    return this.#docker.containerList({ all: true });
  }

  async logs(id) {
    const [stdout, stderr] = [new Counter(), new Counter()];
    await this.#docker.containerLogs(id, stdout, stderr, { stdout: true, stderr: true });
    return { stdout: stdout.bytes, stderr: stderr.bytes };
  }

  async attach(id, connected) {
    const [stdout, stderr] = [new Counter(), new Counter()];
    const attached = this.#docker.containerAttach(id, stdout, stderr, { stream: true, stdout: true, stderr: true });
    // it does not report when it is connected, so wait until it has sent its request
    if (connected) setTimeout(connected, 100);
    await attached;
    return { stdout: stdout.bytes, stderr: stderr.bytes };
  }

  async exec(id, command) {
    const { Id } = await this.#docker.containerExec(id, { AttachStdout: true, AttachStderr: true, Cmd: command });
    const [stdout, stderr] = [new Counter(), new Counter()];
    await this.#docker.execStart(Id, stdout, stderr, {});
    return { stdout: stdout.bytes, stderr: stderr.bytes };
  }

  /** Calls every listener with every event. Returns a function that stops it. */
  async events(listeners) {
    let stopped = false;
    const follow = async () => {
      for await (const event of this.#docker.systemEvents()) {
        if (stopped) break;
        listeners.forEach((listener) => listener(event));
      }
    };
    void follow();
    return () => (stopped = true);
  }

  async pull(repository, onProgress) {
    for await (const message of this.#docker.imageCreate({ fromImage: repository }).messages()) onProgress(message);
  }

  // it accepts only an archive, which tar-stream packs
  async build(context, tag) {
    const { pack } = await import("./node-sdk-pack.js");
    await this.#docker.imageBuild(pack(context), { tag, version: "1" }).wait();
  }

  async export(id) {
    const { counted, stream } = webCounter();
    await this.#docker.containerExport(id, stream);
    return counted.bytes;
  }

  async copyOut(id, path) {
    const { counted, stream } = webCounter();
    await this.#docker.containerArchive(id, path, stream);
    return counted.bytes;
  }

  async load(bytes) {
    await this.#docker.imageLoad(webSource(bytes));
  }
}

/**
 * Creates the client.
 *
 * @param {string} endpoint
 */
export const open = async (endpoint) => new NodeSdk(await DockerClient.fromDockerHost(endpoint.replace(/^unix:\/\//, "unix:")));
