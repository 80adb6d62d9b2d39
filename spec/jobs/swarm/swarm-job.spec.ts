import { expect, test } from "vitest";
import { runContainerRequest } from "../../../lib/jobs/requests/run-container.js";
import { IMAGE } from "../support/jobs-bed.js";
import { startSwarmJobs, useJobsSwarm } from "../support/swarm-bed.js";

useJobsSwarm();

test("a command runs as a job of the swarm, and its exit code and output are told", async (context) => {
  const { client, dispatcher } = startSwarmJobs(context);
  const run = (command: string, more = {}) =>
    runContainerRequest({ name: "once", image: IMAGE, command: "sh", arguments: ["-c", command], ...more });
  const streamed = await streamOf((onOutput) => dispatcher.run(run("echo out; echo err >&2; exit 3"), { onOutput }));
  expect(streamed.split("\n").sort()).toEqual(["", "Job once exited with code 3", "err", "out"]);
  expect((await dispatcher.run(run("exit 4"))).data).toEqual({ exitCode: 4 });
  expect((await dispatcher.run(run("sleep 1000", { timeout: 3 }))).data).toEqual({ exitCode: 137 });
  await expect(dispatcher.run(runContainerRequest({ name: "once", image: IMAGE, command: "nonesuch" }))).rejects.toThrow(
    /^Unable to run this job: .*nonesuch/,
  );
  expect(await client.listServices({ filters: { label: "ts-dockerclient.jobs.job=once" } })).toEqual([]);
});

test("the output of a job is complete, and in the order of each stream", async (context) => {
  const { dispatcher } = startSwarmJobs(context);
  const count = 5_000;
  const request = { name: "long", image: IMAGE, command: "seq", arguments: [String(count)] };
  const output = await streamOf((onOutput) => dispatcher.run(runContainerRequest(request), { onOutput }));
  expect(output).toBe(Array.from({ length: count }, (_, index) => `${index + 1}\n`).join(""));
});

test("a job runs several times, or once on each node", async (context) => {
  const { client, dispatcher } = startSwarmJobs(context);
  const request = { name: "many", image: IMAGE, command: "sh", arguments: ["-c", "echo done"] };
  const lines = async (more: object): Promise<string[]> => {
    const output = await streamOf((onOutput) => dispatcher.run(runContainerRequest({ ...request, ...more }), { onOutput }));
    return output.trimEnd().split("\n");
  };
  const several = await lines({ replicas: 3 });
  expect(several.map((line) => line.slice(8))).toEqual([" | done", " | done", " | done"]);
  expect(new Set(several).size).toBe(3);
  expect((await lines({ global: true })).length).toBe((await client.listNodes()).length);
});

/** Returns the output of a request. */
async function streamOf(run: (onOutput: (chunk: Uint8Array) => undefined) => Promise<unknown>): Promise<string> {
  const chunks: Uint8Array[] = [];
  await run((chunk) => {
    chunks.push(chunk);
    return undefined;
  });
  return Buffer.concat(chunks).toString();
}
