import { describe, expect, test } from "vitest";
import { applyDeployment, removeDeployment } from "../../../lib/jobs/deployment/apply.js";
import type { Deployment } from "../../../lib/jobs/deployment/deployment.js";
import { parseDeployment, planDeployment, planText } from "../../../lib/jobs/deployment/plan.js";
import { IMAGE, serve, SLEEP, startJobs } from "../support/jobs-bed.js";

const shop = (greeting = "hello"): Deployment => ({
  name: "shop",
  idPrefix: "shop-",
  containers: [
    {
      name: "front",
      image: IMAGE,
      count: 2,
      command: SLEEP,
      publicPorts: [{ internal: 80 }],
      links: [{ to: "data", ports: [8080] }],
    },
    { name: "data", image: IMAGE, command: serve(greeting), links: [{ to: "front", ports: [80] }] },
  ],
});

describe("a plan", () => {
  test("has the containers in the order of their links, and their instances", () => {
    const steps = planDeployment(shop(), []);
    expect(planText(steps)).toBe(`+ shop-data-1 ${IMAGE}\n+ shop-front-1 ${IMAGE}\n+ shop-front-2 ${IMAGE}\n`);
    expect(steps[2]).toMatchObject({
      options: {
        deployment: "shop",
        started: true,
        networkLinks: [{ fromHost: "data", fromPort: 8080, toHost: "shop-data-1", toPort: 8080 }],
      },
    });
  });

  test.each<readonly [string, unknown, string]>([
    ["no object", null, "the deployment is invalid at its top"],
    ["no name", { containers: [] }, "the deployment is invalid at name: identifier may not be empty"],
    ["an unknown member", { name: "shop", containers: [], nonesuch: 1 }, "Unrecognized key"],
    [
      "two of a name",
      {
        name: "shop",
        containers: [
          { name: "a", image: "i" },
          { name: "a", image: "i" },
        ],
      },
      "two containers with the name a",
    ],
    [
      "a link to nothing",
      { name: "shop", containers: [{ name: "a", image: "i", links: [{ to: "b", ports: [1] }] }] },
      "linked to b",
    ],
    [
      "one port for two",
      { name: "shop", containers: [{ name: "a", image: "i", count: 2, publicPorts: [{ internal: 1, external: 2 }] }] },
      "2 instances, which cannot have one port",
    ],
    ["no image", { name: "shop", containers: [{ name: "a" }] }, "at containers.0.image: a container needs an image"],
  ])("of a deployment with %s is refused", (_, value, message) => {
    expect(() => parseDeployment(value)).toThrow(message);
  });

  test("leaves containers of others alone", () => {
    const row = { id: "shop-data-1", activeState: "active", subState: "running", loadState: "loaded" };
    expect(() => planDeployment(shop(), [row])).toThrow(
      "the container shop-data-1 exists, and does not belong to the deployment shop",
    );
    expect(() => planDeployment(shop(), [{ ...row, deployment: "other" }])).toThrow("does not belong to the deployment shop");
    expect(planDeployment({ name: "shop", containers: [] }, [row, { ...row, id: "mine", deployment: "shop" }])).toEqual([
      { action: "remove", id: "mine" },
    ]);
  });
});

test("a deployment is applied, changed step by step, and removed", async () => {
  const { client, dispatcher } = await startJobs();
  const done: string[] = [];
  const apply = async (deployment: Deployment): Promise<string> => {
    done.length = 0;
    const { steps } = await applyDeployment(dispatcher, deployment, {
      onProgress: ({ step, isDone, current, total }) => isDone && done.push(`${current}/${total} ${step.action} ${step.id}`),
    });
    return planText(steps);
  };
  expect(await apply(shop())).toBe(`+ shop-data-1 ${IMAGE}\n+ shop-front-1 ${IMAGE}\n+ shop-front-2 ${IMAGE}\n`);
  expect(done).toEqual(["1/3 install shop-data-1", "2/3 install shop-front-1", "3/3 install shop-front-2"]);
  const get = async (instance: number): Promise<string> => {
    const cmd = ["timeout", "5", "wget", "-qO-", "http://data:8080/"];
    return (await client.execute({ container: `ctr-shop-front-${instance}`, cmd })).stdout.toString();
  };
  for (const instance of [1, 2]) await expect.poll(() => get(instance), { timeout: 10_000 }).toBe("hello\n");

  const ids = async (): Promise<string[]> => (await client.listContainers({ all: true })).map(({ Id }) => Id);
  const before = await ids();
  expect(await apply(shop())).toBe(`= shop-data-1 ${IMAGE}\n= shop-front-1 ${IMAGE}\n= shop-front-2 ${IMAGE}\n`);
  expect([done, await ids()]).toEqual([[], before]);

  expect(await apply(shop("changed"))).toBe(`~ shop-data-1 ${IMAGE}\n= shop-front-1 ${IMAGE}\n= shop-front-2 ${IMAGE}\n`);
  for (const instance of [1, 2]) await expect.poll(() => get(instance), { timeout: 10_000 }).toBe("changed\n");

  const [front, data] = shop("changed").containers;
  const smaller = { ...shop(), containers: [{ ...front, count: 1 }, data] as Deployment["containers"] };
  expect(await apply(smaller)).toContain("- shop-front-2\n");
  expect((await client.listContainers({ all: true })).length).toBe(2);

  const { steps } = await removeDeployment(dispatcher, "shop");
  expect(steps.map(({ action, id }) => `${action} ${id}`).sort()).toEqual(["remove shop-data-1", "remove shop-front-1"]);
  expect(await client.listContainers({ all: true })).toEqual([]);
  expect((await client.listNetworks({ filters: { name: "links-" } })).length).toBe(0);
});
