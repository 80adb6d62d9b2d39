import { hostname } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { Dispatcher } from "../../../lib/jobs/dispatcher.js";
import type { InstallContainerOptions } from "../../../lib/jobs/models.js";
import { thisOwner } from "../../../lib/jobs/owner.js";
import { buildImageRequest } from "../../../lib/jobs/requests/build-image.js";
import { containerStatusRequest } from "../../../lib/jobs/requests/container-details.js";
import {
  deleteContainerRequest,
  restartContainerRequest,
  startedContainerStateRequest,
} from "../../../lib/jobs/requests/container-state.js";
import { patchEnvironmentRequest } from "../../../lib/jobs/requests/environment.js";
import { installContainerRequest } from "../../../lib/jobs/requests/install-container.js";
import { linkContainersRequest } from "../../../lib/jobs/requests/link-containers.js";
import { swarmBackEnd, type SwarmBackEndOptions } from "../../../lib/jobs/swarm/swarm-back-end.js";
import { type FakeManager, fakeManager } from "../support/fake-manager.js";
import { later } from "../support/jobs-bed.js";

/** Starts jobs on a manager that only answers. */
async function start(options: Partial<SwarmBackEndOptions> = {}): Promise<FakeManager & { readonly dispatcher: Dispatcher }> {
  const manager = await fakeManager();
  const backEnd = swarmBackEnd({ client: manager.client, monitor: 1, ports: { first: 4_000, end: 4_010 }, ...options });
  const dispatcher = new Dispatcher({ backEnd, slowQueue: 100, now: later() });
  onTestFinished(() => dispatcher.close(0));
  return { ...manager, dispatcher };
}

test("an installation sends the whole service", async () => {
  const { dispatcher, changes } = await start();
  const options: InstallContainerOptions = {
    id: "web-1",
    image: "web:2",
    command: ["serve", "8080"],
    replicas: 3,
    constraints: ["node.labels.disk == ssd"],
    ports: [{ internal: 8_080 }, { internal: 8_081, external: 81 }],
    healthCheck: { command: ["check"], interval: 1_000, timeout: 2_000, retries: 4, startPeriod: 5_000 },
    isolate: true,
    systemdSlice: "container-large",
    environment: { id: "env-1", variables: [{ name: "ONE", value: "1" }] },
    deployment: "shop",
    started: true,
  };
  await dispatcher.run(installContainerRequest(options));
  const [[line, spec] = [], ...rest] = changes();
  expect(line).toBe("POST /services/create");
  expect(rest).toEqual([]);
  const rollout = { Parallelism: 1, Order: "start-first", Monitor: 1_000_000 };
  expect(spec).toEqual({
    Name: "ctr-web-1",
    Labels: {
      "ts-dockerclient.jobs.id": "web-1",
      "ts-dockerclient.jobs.request": expect.any(String) as string,
      "ts-dockerclient.jobs.definition": expect.stringContaining('"deployment":"shop"') as string,
    },
    Mode: { Replicated: { Replicas: 3 } },
    TaskTemplate: {
      ContainerSpec: {
        Image: "web:2",
        Args: ["serve", "8080"],
        Env: ["ONE=1"],
        Mounts: [],
        CapabilityDrop: ["ALL"],
        Privileges: { NoNewPrivileges: true },
        Healthcheck: {
          Test: ["CMD", "check"],
          Interval: 1_000_000_000,
          Timeout: 2_000_000_000,
          Retries: 4,
          StartPeriod: 5_000_000_000,
        },
      },
      Resources: { Limits: { MemoryBytes: 1_073_741_824, Pids: expect.any(Number) as number } },
      RestartPolicy: { Condition: "any" },
      Placement: { Constraints: ["node.labels.disk == ssd"] },
      Networks: [],
    },
    EndpointSpec: {
      Mode: "vip",
      Ports: [
        { Protocol: "tcp", TargetPort: 8_080, PublishedPort: 4_000, PublishMode: "ingress" },
        { Protocol: "tcp", TargetPort: 8_081, PublishedPort: 81, PublishMode: "ingress" },
      ],
    },
    UpdateConfig: { ...rollout, FailureAction: "rollback" },
    RollbackConfig: rollout,
  });
  // variables are in the service, and not in the definition that everybody can read in its labels
  expect(String((spec as { Labels: Record<string, string> }).Labels["ts-dockerclient.jobs.definition"])).not.toContain("ONE");
});

test.each<readonly [string, Partial<InstallContainerOptions>, Partial<SwarmBackEndOptions>, string]>([
  ["nothing", {}, {}, "start-first"],
  ["a port of the ingress network", { ports: [{ internal: 80 }] }, {}, "start-first"],
  ["a port of its node", { ports: [{ internal: 80 }], publish: "host" }, {}, "stop-first"],
  ["a port of its node for lack of an ingress network", { ports: [{ internal: 80 }] }, { endpointMode: "dnsrr" }, "stop-first"],
  ["a volume", { volumeConfig: { volumes: [{ path: "/data" }] } }, {}, "stop-first"],
])("tasks that share %s are replaced in this order: %j %j %s", async (_, options, settings, order) => {
  const { dispatcher, specOf } = await start(settings);
  await dispatcher.run(installContainerRequest({ id: "web-1", image: "web", ...options }));
  expect(specOf("ctr-web-1")?.UpdateConfig?.Order).toBe(order);
});

test("a volume keeps its container on the node of the manager, unless the caller says where it is", async () => {
  const { dispatcher, specOf } = await start();
  const volumeConfig = { volumes: [{ path: "/data" }] };
  await dispatcher.run(installContainerRequest({ id: "kept-1", image: "web", volumeConfig }));
  expect(specOf("ctr-kept-1")?.TaskTemplate?.Placement?.Constraints).toEqual(["node.id == node-1"]);
  const status = await dispatcher.run(containerStatusRequest({ id: "kept-1" }));
  expect(status.output.toString()).toContain("Volumes: on host-1\n");
  const constraints = ["node.hostname == other"];
  await dispatcher.run(installContainerRequest({ id: "said-1", image: "web", volumeConfig, constraints }));
  expect(specOf("ctr-said-1")?.TaskTemplate?.Placement?.Constraints).toEqual(constraints);
});

test("a container is scaled by a new installation, to nothing by one that is not started, and back by a start", async () => {
  const { dispatcher, changes, specOf } = await start();
  const web = { id: "web-1", image: "web", started: true };
  await dispatcher.run(installContainerRequest(web));
  expect(specOf("ctr-web-1")?.Mode).toEqual({ Replicated: { Replicas: 1 } });
  await dispatcher.run(installContainerRequest({ ...web, replicas: 4 }));
  expect(specOf("ctr-web-1")?.Mode).toEqual({ Replicated: { Replicas: 4 } });
  await dispatcher.run(installContainerRequest({ ...web, replicas: 4, started: false }));
  expect(specOf("ctr-web-1")?.Mode).toEqual({ Replicated: { Replicas: 0 } });
  await dispatcher.run(startedContainerStateRequest({ id: "web-1" }));
  expect(specOf("ctr-web-1")?.Mode).toEqual({ Replicated: { Replicas: 4 } });
  expect(changes().map(([line]) => line)).toEqual([
    "POST /services/create",
    "POST /services/service-1/update?version=1",
    "POST /services/service-1/update?version=2",
    "POST /services/service-1/update?version=3",
  ]);
});

test("a restart replaces the tasks, or changes their variables, and nothing else", async () => {
  const { dispatcher, specOf } = await start();
  const environment = { id: "env-1", variables: [{ name: "ONE", value: "1" }] };
  await dispatcher.run(installContainerRequest({ id: "web-1", image: "web", environment, started: true }));
  const first = specOf("ctr-web-1");
  await dispatcher.run(restartContainerRequest({ id: "web-1" }));
  const second = specOf("ctr-web-1");
  expect(second).toEqual({ ...first, TaskTemplate: { ...first?.TaskTemplate, ForceUpdate: 1 } });
  await dispatcher.run(patchEnvironmentRequest({ id: "env-1", variables: [{ name: "TWO", value: "2" }] }));
  expect(specOf("ctr-web-1")).toEqual(second);
  await dispatcher.run(restartContainerRequest({ id: "web-1" }));
  const { TaskTemplate } = specOf("ctr-web-1") ?? {};
  expect(TaskTemplate).toEqual({
    ...second?.TaskTemplate,
    ContainerSpec: { ...second?.TaskTemplate?.ContainerSpec, Env: ["ONE=1", "TWO=2"] },
  });
});

test("a secret has the variables in place of the service, and is replaced with them", async () => {
  const { dispatcher, changes, specOf } = await start();
  const environment = { id: "env-1", variables: [{ name: "PASSWORD", value: "hidden" }] };
  await dispatcher.run(
    installContainerRequest({ id: "web-1", image: "web", environment, secretEnvironment: true, started: true }),
  );
  const [[line, secret] = [], ...others] = changes();
  expect(line).toBe("POST /secrets/create");
  expect(secret).toMatchObject({
    Name: expect.stringMatching(/^ctr-web-1-\w+$/) as string,
    Data: Buffer.from("PASSWORD=hidden\n").toString("base64"),
    Labels: { "ts-dockerclient.jobs.id": "web-1" },
  });
  expect(JSON.stringify(others)).not.toContain("hidden");
  const file = { Name: "environment", UID: "0", GID: "0", Mode: 0o444 };
  const { Name: SecretName } = secret as { Name: string };
  expect(specOf("ctr-web-1")?.TaskTemplate?.ContainerSpec?.Secrets).toEqual([{ SecretID: "secret-1", SecretName, File: file }]);
  expect(specOf("ctr-web-1")?.TaskTemplate?.ContainerSpec?.Env).toBeUndefined();

  await dispatcher.run(patchEnvironmentRequest({ id: "env-1", variables: [{ name: "PASSWORD", value: "other" }] }));
  const before = changes().length;
  await dispatcher.run(restartContainerRequest({ id: "web-1" }));
  // a secret in use cannot be removed: the manager refuses the new one, and the old one goes
  expect(
    changes()
      .slice(before)
      .map(([each]) => each),
  ).toEqual([
    "POST /secrets/create",
    "POST /services/service-2/update?version=1",
    "DELETE /secrets/secret-1",
    "DELETE /secrets/secret-3",
  ]);
});

test("links are networks with the names of their targets, and go with their container", async () => {
  const { dispatcher, changes, specOf } = await start();
  const networksOf = (name: string): unknown => specOf(name)?.TaskTemplate?.Networks;
  const networkLinks = [{ fromHost: "db", fromPort: 5_432, toHost: "data-1", toPort: 5_432 }];
  await dispatcher.run(installContainerRequest({ id: "web-1", image: "web", networkLinks, started: true }));
  expect(changes()[0]).toMatchObject([
    "POST /networks/create",
    { Name: "links-ctr-web-1", Driver: "overlay", Labels: { "ts-dockerclient.jobs.id": "web-1" } },
  ]);
  expect(networksOf("ctr-web-1")).toEqual([{ Target: "network-1" }]);
  await dispatcher.run(installContainerRequest({ id: "data-1", image: "db", started: true }));
  expect(networksOf("ctr-data-1")).toEqual([{ Target: "network-1", Aliases: ["data-1", "db"] }]);
  const before = changes().length;
  await dispatcher.run(linkContainersRequest({ links: [{ id: "web-1", networkLinks }] }));
  expect(changes().length).toBe(before);
  await dispatcher.run(linkContainersRequest({ links: [{ id: "web-1", networkLinks: [] }] }));
  expect(networksOf("ctr-web-1")).toEqual([]);
  expect(networksOf("ctr-data-1")).toEqual([]);
  expect(changes().at(-1)?.[0]).toBe("DELETE /networks/network-1");
});

test("a deletion removes the service, its network and its secrets, and takes its targets out of the network", async () => {
  const { dispatcher, changes, specOf } = await start();
  const networkLinks = [{ fromHost: "db", fromPort: 5_432, toHost: "data-1", toPort: 5_432 }];
  const environment = { id: "env-1", variables: [{ name: "ONE", value: "1" }] };
  const web = { id: "web-1", image: "web", networkLinks, environment, secretEnvironment: true, started: true };
  await dispatcher.run(installContainerRequest({ id: "data-1", image: "db", started: true }));
  await dispatcher.run(installContainerRequest(web));
  const before = changes().length;
  await dispatcher.run(deleteContainerRequest({ id: "web-1" }));
  const lines = changes()
    .slice(before)
    .map(([line]) => line.replace(/-\d+(?=$|\/|\?)/, "-N"));
  expect(lines).toEqual([
    "DELETE /services/service-N",
    "POST /services/service-N/update?version=2",
    "DELETE /networks/network-N",
    "DELETE /secrets/secret-N",
  ]);
  expect(specOf("ctr-data-1")?.TaskTemplate?.Networks).toEqual([]);
});

const port = [{ internal: 80 }];
test.each<readonly [string, Partial<InstallContainerOptions>, Partial<SwarmBackEndOptions>]>([
  ["socketActivation", { socketActivation: true, ports: port }, {}],
  ["simple", { simple: true }, {}],
  ["publish", { ports: port, publish: "ingress" }, { endpointMode: "dnsrr" }],
  ["volumeConfig", { volumeConfig: { volumes: [{ path: "/data" }] }, replicas: 2 }, {}],
  ["networkLinks", { networkLinks: [{ fromPort: 80, toHost: "other", toPort: 80 }] }, {}],
  ["networkLinks", { networkLinks: [{ fromHost: "10.0.0.1", fromPort: 80, toHost: "other", toPort: 80 }] }, {}],
  ["networkLinks", { networkLinks: [{ fromHost: "name", fromPort: 80, toHost: "other", toPort: 81 }] }, {}],
])("the option %s is refused before anything is sent: %j", async (option, options, settings) => {
  const { dispatcher, changes } = await start(settings);
  const install = installContainerRequest({ id: "web-1", image: "web", ...options });
  await expect(dispatcher.run(install)).rejects.toMatchObject({ code: "ERR_JOB_INVALID", data: { option } });
  expect(changes()).toEqual([]);
});

test("a build, and a container that is to run on each node from now on, are refused", async () => {
  const { dispatcher, changes } = await start();
  const build = buildImageRequest({ name: "b", source: "https://example.com/a.git", baseImage: "builder", tag: "built" });
  await expect(dispatcher.run(build)).rejects.toMatchObject({ code: "ERR_JOB_INVALID", data: { option: "source" } });
  await dispatcher.run(installContainerRequest({ id: "web-1", image: "web" }));
  const before = changes().length;
  const global = installContainerRequest({ id: "web-1", image: "web", global: true });
  await expect(dispatcher.run(global)).rejects.toMatchObject({ code: "ERR_JOB_INVALID", data: { option: "global" } });
  expect(changes().length).toBe(before);
});

test("jobs are removed that were begun by a process of this machine which has ended", async () => {
  const { client, changes, specOf } = await start();
  const owners = {
    ended: { host: hostname(), pid: process.pid, started: "0" },
    running: await thisOwner(),
    elsewhere: { host: "other", pid: 1, started: "0" },
  };
  for (const [Name, owner] of Object.entries(owners)) {
    const Labels = { "ts-dockerclient.jobs.job": "once", "ts-dockerclient.jobs.owner": JSON.stringify(owner) };
    await client.createService({ spec: { Name, Labels, TaskTemplate: {} } });
  }
  await swarmBackEnd({ client }).reconcile(new AbortController().signal);
  expect(changes().at(-1)?.[0]).toBe("DELETE /services/service-1");
  expect(Object.keys(owners).filter((name) => specOf(name))).toEqual(["running", "elsewhere"]);
});
