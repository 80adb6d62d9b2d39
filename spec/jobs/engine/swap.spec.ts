import { hostname } from "node:os";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Client } from "../../../lib/client.js";
import { containerFor } from "../../../lib/jobs/engine/container.js";
import { listOwned, type Role, roleName } from "../../../lib/jobs/engine/owned.js";
import { type Owner, thisOwner } from "../../../lib/jobs/owner.js";
import { IMAGE, jobId, SLEEP, startJobs } from "../support/jobs-bed.js";

/** A process that has ended: no process has been running since before the machine was. */
const ENDED: Owner = { host: hostname(), pid: process.pid, started: "0" };

interface Part {
  readonly role: Role;
  readonly isRunning?: boolean;
  readonly replacesRunning?: boolean;
  readonly isStarted?: boolean;
  readonly command?: readonly string[];
  readonly owner?: Owner;
}

/** Creates a container as an installation that ended at some step has left it. Returns the engine's ID. */
async function leave(client: Client, id: string, part: Part): Promise<string> {
  const { role, isRunning = false, replacesRunning = false, isStarted = true, command = SLEEP, owner = ENDED } = part;
  const options = { id, image: IMAGE, command, started: isStarted };
  const definition = { options, ports: [], digest: "", revision: "", replacesRunning, owner };
  const { Id } = await client.createContainer(containerFor(roleName(id, role), "request", definition, [], []));
  if (isRunning) await client.startContainer({ id: Id });
  return Id;
}

/** The containers with an identifier: their parts, and whether they are the first or the second that was created, and run. */
async function found(client: Client, id: string, created: readonly string[]): Promise<Record<string, string>> {
  const containers = await listOwned(client, id);
  return Object.fromEntries(
    containers.map(({ role, containerId, state }) => [
      role,
      `${created.indexOf(containerId) === 0 ? "first" : "second"} ${state}`,
    ]),
  );
}

describe("an installation whose process was killed", () => {
  test.each<readonly [string, readonly Part[], Record<string, string>]>([
    ["before anything was there", [{ role: "next" }], {}],
    [
      "when the new container was created",
      [
        { role: "base", isRunning: true },
        { role: "next", replacesRunning: true },
      ],
      { base: "first running" },
    ],
    ["when the old one was stopped", [{ role: "base" }, { role: "next", replacesRunning: true }], { base: "first running" }],
    ["when the old one had not been running", [{ role: "base", isStarted: false }, { role: "next" }], { base: "first created" }],
    ["when the old one had lost its name", [{ role: "old" }, { role: "next", replacesRunning: true }], { base: "first running" }],
    ["when the new one had the name", [{ role: "old" }, { role: "base", replacesRunning: true }], { base: "second running" }],
    [
      "when the new one was not to be started",
      [{ role: "old" }, { role: "base", replacesRunning: true, isStarted: false }],
      { base: "second created" },
    ],
    [
      "when the new one was started",
      [{ role: "old" }, { role: "base", isRunning: true, replacesRunning: true }],
      { base: "second running" },
    ],
    [
      "before it was known that the new one does not start",
      [{ role: "old" }, { role: "base", replacesRunning: true, command: ["nonesuch"] }],
      { base: "first running" },
    ],
    ["when only the old one was left", [{ role: "old", isStarted: false }], { base: "first created" }],
    ["before the first one was started", [{ role: "base" }], { base: "first running" }],
  ])("%s is finished or undone", async (_, parts, expected) => {
    const bed = await startJobs();
    const id = jobId(bed);
    const created: string[] = [];
    for (const part of parts) created.push(await leave(bed.client, id, part));
    await bed.backEnd.reconcile(new AbortController().signal);
    expect(await found(bed.client, id, created)).toEqual(expected);
    await bed.backEnd.reconcile(new AbortController().signal);
    expect(await found(bed.client, id, created)).toEqual(expected);
  });
});

test("an installation whose process goes on is left alone", async () => {
  const bed = await startJobs();
  const id = jobId(bed);
  const owner = await thisOwner();
  const created = [
    await leave(bed.client, id, { role: "base", isRunning: true, owner }),
    await leave(bed.client, id, { role: "next", owner, replacesRunning: true }),
  ];
  await bed.backEnd.reconcile(new AbortController().signal);
  expect(await found(bed.client, id, created)).toEqual({ base: "first running", next: "second created" });
});

test("a command whose process was killed is removed, and that of a process that goes on is not", async () => {
  const { client, backEnd } = await startJobs();
  const create = async (owner: Owner): Promise<string> => {
    const Labels = { "ts-dockerclient.jobs.job": "once", "ts-dockerclient.jobs.owner": JSON.stringify(owner) };
    const { Id } = await client.createContainer({ config: { Image: IMAGE, Cmd: SLEEP, Labels } });
    onTestFinished(() => client.removeContainer({ id: Id, force: true }).catch(() => undefined)); // one is gone
    return Id;
  };
  const [ended, running] = [await create(ENDED), await create(await thisOwner())];
  await backEnd.reconcile(new AbortController().signal);
  const left = await client.listContainers({ all: true, filters: { label: "ts-dockerclient.jobs.job=once" } });
  expect(left.map(({ Id }) => Id)).toContain(running);
  expect(left.map(({ Id }) => Id)).not.toContain(ended);
});
