import type { Client, Task } from "../../index.js";
import { bytesOf } from "../containers/output.js";
import { hostnamesOf, type OwnedService, tasksOf } from "./owned-service.js";
import { splitDetails } from "./task-output.js";

/**
 * Returns the output of a service, with what follows. Lines of a service that may have several tasks begin with the name of the task
 * that wrote them.
 */
export async function serviceLog(
  client: Client,
  owned: OwnedService,
  tail: number,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { replicas = 1, global = false } = owned.definition.options;
  const isSingle = replicas === 1 && !global;
  const options = { id: owned.service.ID, stdout: true, stderr: true, follow: true, tail, details: !isSingle };
  const output = await client.serviceLogs(options, { signal });
  if (isSingle) return bytesOf(output);
  return named(output.lines(), new TaskNames(client, owned));
}

async function* named(lines: AsyncIterable<{ readonly line: string }>, names: TaskNames): AsyncGenerator<Uint8Array> {
  for await (const { line } of lines) {
    const { task, text } = splitDetails(line);
    const name = task === undefined ? "" : `${await names.of(task)} | `;
    yield Buffer.from(`${name}${text}\n`);
  }
}

/** Returns the name of a task for people: its number, or its node if there is one on each. */
export function taskName(id: string, { Slot, NodeID = "" }: Task, hostnames: ReadonlyMap<string, string>): string {
  return `${id}.${Slot ?? hostnames.get(NodeID) ?? NodeID}`;
}

/** The names of the tasks of a service. */
class TaskNames {
  readonly #client: Client;
  readonly #owned: OwnedService;
  #known = new Map<string, string>();

  constructor(client: Client, owned: OwnedService) {
    this.#client = client;
    this.#owned = owned;
  }

  async of(task: string): Promise<string> {
    if (!this.#known.has(task)) await this.#read();
    const name = this.#known.get(task) ?? `${this.#owned.id}.${task.slice(0, 8)}`; // the swarm has forgotten it
    this.#known.set(task, name);
    return name;
  }

  async #read(): Promise<void> {
    const [tasks, hostnames] = await Promise.all([tasksOf(this.#client, this.#owned), hostnamesOf(this.#client)]);
    for (const task of tasks) this.#known.set(task.ID, taskName(this.#owned.id, task, hostnames));
  }
}
