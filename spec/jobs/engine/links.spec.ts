import { expect, test } from "vitest";
import type { Client } from "../../../lib/client.js";
import { InvalidJobError } from "../../../lib/jobs/errors.js";
import { restartContainerRequest } from "../../../lib/jobs/requests/container-state.js";
import { installContainerRequest } from "../../../lib/jobs/requests/install-container.js";
import { linkContainersRequest } from "../../../lib/jobs/requests/link-containers.js";
import type { NetworkLink } from "../../../lib/jobs/values/links.js";
import { HAS_FORWARDER, IMAGE, jobId, type JobsBed, serve, SLEEP, startJobs } from "../support/jobs-bed.js";

/** What the program of a container gets from an address. */
async function get(client: Client, id: string, address: string): Promise<string> {
  const { stdout } = await client.execute({
    container: `ctr-${id}`,
    cmd: ["timeout", "5", "wget", "-qO-", `http://${address}/`],
  });
  return stdout.toString().trim();
}

/** A container with a link, and two that it may lead to. */
async function linked(link: Omit<NetworkLink, "toHost">): Promise<{ bed: JobsBed; web: string; one: string; two: string }> {
  const bed = await startJobs({ now: later() });
  const [web, one, two] = [jobId(bed, "web"), jobId(bed, "one"), jobId(bed, "two")];
  for (const id of [one, two])
    await bed.dispatcher.run(installContainerRequest({ id, image: IMAGE, command: serve(id), started: true }));
  const networkLinks = [{ ...link, toHost: one }];
  await bed.dispatcher.run(installContainerRequest({ id: web, image: IMAGE, command: SLEEP, started: true, networkLinks }));
  return { bed, web, one, two };
}

const means = [
  ["a name", { fromHost: "backend", fromPort: 8080, toPort: 8080 }, "backend:8080", true],
  ["a loopback address", { fromHost: "127.0.0.2", fromPort: 80, toPort: 8080 }, "127.0.0.2", HAS_FORWARDER],
] as const;

test.each(means.filter(([, , , isSupported]) => isSupported))(
  "a container reaches others by links from %s",
  async (_, link, address) => {
    const { bed, web, one, two } = await linked(link);
    const { client, dispatcher } = bed;
    await expect.poll(() => get(client, web, address), { timeout: 15_000 }).toBe(one);
    await dispatcher.run(linkContainersRequest({ links: [{ id: web, networkLinks: [{ ...link, toHost: two }] }] }));
    await expect.poll(() => get(client, web, address), { timeout: 15_000 }).toBe(two);
    await dispatcher.run(installContainerRequest({ id: two, image: IMAGE, command: serve("new"), started: true }));
    await expect.poll(() => get(client, web, address), { timeout: 15_000 }).toBe("new");
    await dispatcher.run(restartContainerRequest({ id: web }));
    await expect.poll(() => get(client, web, address), { timeout: 15_000 }).toBe("new");

    await dispatcher.run(linkContainersRequest({ links: [{ id: web, networkLinks: [] }] }));
    expect(await client.listContainers({ all: true, filters: { label: `ts-dockerclient.jobs.forwards=${web}` } })).toEqual([]);
    expect(await client.listNetworks({ filters: { name: `links-ctr-${web}` } })).toEqual([]);
  },
);

test.each([
  [{ fromHost: "10.0.0.1", fromPort: 80, toHost: "other", toPort: 80 }, "a link leads from a name or from a loopback address"],
  [{ fromHost: "db", fromPort: 80, toHost: "other", toPort: 81 }, "only links from a loopback address change the port"],
])("a link that an engine cannot have is refused: %j", async (link, message) => {
  const bed = await startJobs();
  const id = jobId(bed);
  const refused = bed.dispatcher.run(installContainerRequest({ id, image: IMAGE, networkLinks: [link] }));
  await expect(refused).rejects.toThrow(InvalidJobError);
  await expect(refused).rejects.toThrow(message);
  expect(await bed.backEnd.state(id)).toBeUndefined();
});

/** A clock that is a second later each time. */
function later(): () => number {
  let now = 0;
  return () => (now += 1_000);
}
