// Prepares a real engine for its lines: containers with output, containers with a large file, and a running one.

import { randomBytes } from "node:crypto";
import { open } from "./clients/raw.js";
import { MIB } from "./fixtures.js";

const IMAGE = "busybox:latest";
const LABEL = "ts-dockerclient-bench";

/** Returns a command that writes the given number of MiB in lines of 200 bytes. */
const command = (volume) => ["sh", "-c", `yes ${"a-line-of-output-".repeat(12).slice(0, 199)} | head -c ${volume * MIB}`];

const fill = (volume) => ["dd", "if=/dev/zero", "of=/large", "bs=1M", `count=${volume}`];

async function create(client, Cmd, more = {}) {
  const { Id } = await client.json("POST", "/containers/create", { Image: IMAGE, Cmd, Labels: { [LABEL]: "" }, ...more });
  return Id;
}

const start = (client, id) => client.json("POST", `/containers/${id}/start`);

async function ended(client, Cmd) {
  const id = await create(client, Cmd);
  await start(client, id);
  const { StatusCode } = await client.json("POST", `/containers/${id}/wait`);
  if (StatusCode !== 0) throw new Error(`${Cmd.join(" ")} exited with ${StatusCode} on the engine`);
  return id;
}

/**
 * Prepares an engine.
 *
 * @param {string} endpoint
 * @param {number[]} outputs - volumes of output, in MiB.
 * @param {number[]} files - volumes of files, in MiB.
 */
export async function prepare(endpoint, outputs, files) {
  const client = open(endpoint);
  const running = await create(client, ["sleep", "1000000"]);
  await start(client, running);
  const prepared = { running, logged: {}, large: {}, image: `tsdc-bench-${randomBytes(4).toString("hex")}:latest` };
  for (const volume of outputs) prepared.logged[volume] = await ended(client, command(volume));
  for (const volume of files) prepared.large[volume] = await ended(client, fill(volume));
  return prepared;
}

/**
 * Removes everything that was prepared or left by the lines.
 *
 * @param {string} endpoint
 * @param {string} image
 */
export async function cleanUp(endpoint, image) {
  const client = open(endpoint);
  const filters = encodeURIComponent(JSON.stringify({ label: [LABEL] }));
  for (const { Id } of await client.json("GET", `/containers/json?all=1&filters=${filters}`)) {
    await client.json("DELETE", `/containers/${Id}?force=1&v=1`);
  }
  const images = await client.json("GET", `/images/json?filters=${encodeURIComponent(JSON.stringify({ reference: [image] }))}`);
  for (const { Id } of images) await client.json("DELETE", `/images/${Id}?force=1`);
}

/**
 * Returns helpers for the lines.
 *
 * @param {string} endpoint
 */
export function helpers(endpoint) {
  const client = open(endpoint);
  return {
    command,
    /** Creates a container to attach to before it starts. It removes itself on exit. */
    async container(volume) {
      const id = await create(client, command(volume), { HostConfig: { AutoRemove: true } });
      return { id, start: () => start(client, id) };
    },
  };
}
