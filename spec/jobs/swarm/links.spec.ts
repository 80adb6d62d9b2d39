import { expect, test } from "vitest";
import { deleteContainerRequest } from "../../../lib/jobs/requests/container-state.js";
import { installContainerRequest } from "../../../lib/jobs/requests/install-container.js";
import { linkContainersRequest } from "../../../lib/jobs/requests/link-containers.js";
import type { NetworkLink } from "../../../lib/jobs/values/links.js";
import { IMAGE, jobId, type JobsBed, serve, SLEEP } from "../support/jobs-bed.js";
import { startSwarmJobs, useJobsSwarm } from "../support/swarm-bed.js";

useJobsSwarm();

test("a container reaches others by links from a name, as long as it has them", { timeout: 120_000 }, async (context) => {
  const bed = startSwarmJobs(context);
  const { client, dispatcher } = bed;
  const [front, back, other] = [jobId(bed, "front"), jobId(bed, "back"), jobId(bed, "other")];
  const link = (toHost: string): NetworkLink[] => [{ fromHost: "db", fromPort: 8080, toHost, toPort: 8080 }];
  const install = (id: string, command: string[], networkLinks?: NetworkLink[]) =>
    dispatcher.run(installContainerRequest({ id, image: IMAGE, command, started: true, ...(networkLinks && { networkLinks }) }));
  // the target of a link need not exist yet
  await install(front, SLEEP, link(back));
  await install(back, serve("hello"));
  await install(other, serve("other"));
  const get = (name: string): Promise<string> => inTask(bed, front, ["timeout", "5", "wget", "-qO-", `http://${name}:8080/`]);
  await expect.poll(() => get("db"), { timeout: 15_000 }).toBe("hello\n");
  expect(await get(back)).toBe("hello\n");

  await install(back, serve("again"));
  await expect.poll(() => get("db"), { timeout: 15_000 }).toBe("again\n");
  await dispatcher.run(linkContainersRequest({ links: [{ id: front, networkLinks: link(other) }] }));
  await expect.poll(() => get("db"), { timeout: 15_000 }).toBe("other\n");
  // the task that was in the network ends a little later than the new one begins
  await expect.poll(() => get(back), { timeout: 15_000 }).toBe("");
  expect(await networksOf(bed, back)).toEqual([]);

  await dispatcher.run(deleteContainerRequest({ id: front }));
  expect(await networksOf(bed, other)).toEqual([]);
  const label = `ts-dockerclient.jobs.id=${front}`;
  // the node leaves the network a little later
  await expect.poll(() => client.listNetworks({ filters: { label } }), { timeout: 10_000 }).toEqual([]);
});

async function networksOf({ client }: JobsBed, id: string): Promise<unknown> {
  return (await client.inspectService({ id: `ctr-${id}` })).Spec.TaskTemplate?.Networks ?? [];
}

async function inTask({ client }: JobsBed, id: string, cmd: string[]): Promise<string> {
  const { ID } = await client.inspectService({ id: `ctr-${id}` });
  const [found] = await client.listContainers({ filters: { label: `com.docker.swarm.service.id=${ID}` } });
  return (await client.execute({ container: found?.Id ?? "", cmd })).stdout.toString();
}
