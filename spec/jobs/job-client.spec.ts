import { expect, onTestFinished, test } from "vitest";
import { Dispatcher } from "../../lib/jobs/dispatcher.js";
import { engineBackEnd } from "../../lib/jobs/engine/engine-back-end.js";
import { InvalidJobError, JobCompletedError, JobError, JobNotFoundError } from "../../lib/jobs/errors.js";
import { JobClient } from "../../lib/jobs/job-client.js";
import { JobServer } from "../../lib/jobs/job-server.js";
import { RequestIdentifier } from "../../lib/jobs/request-identifier.js";
import { containerPortsRequest, containerStatusRequest } from "../../lib/jobs/requests/container-details.js";
import { deleteContainerRequest, startedContainerStateRequest } from "../../lib/jobs/requests/container-state.js";
import { getEnvironmentRequest, putEnvironmentRequest } from "../../lib/jobs/requests/environment.js";
import { installContainerRequest, PENDING_PORTS } from "../../lib/jobs/requests/install-container.js";
import { listContainersRequest, listImagesRequest } from "../../lib/jobs/requests/lists.js";
import { runContainerRequest } from "../../lib/jobs/requests/run-container.js";
import { BOX, startEngine } from "../support/embedded-engine.js";

type Jobs = Pick<Dispatcher, "run">;

const transports: Record<string, () => Promise<Jobs>> = {
  "in this process": async () => {
    const { client } = await startEngine();
    const dispatcher = new Dispatcher({ backEnd: engineBackEnd({ client }) });
    onTestFinished(() => dispatcher.close(0));
    return dispatcher;
  },
  "over HTTP": async () => {
    const { client } = await startEngine();
    const server = await JobServer.start({ listen: "tcp://127.0.0.1:0", client, tokens: ["correct-horse"] });
    const jobs = new JobClient({ endpoint: server.endpoint, token: "correct-horse" });
    onTestFinished(async () => {
      await jobs.close();
      await server.close(0);
    });
    return jobs;
  },
};

test.each(Object.entries(transports))("jobs %s have the same outcomes", async (_, start) => {
  const jobs = await start();
  const request = installContainerRequest({
    id: "web-1",
    image: BOX,
    ports: [{ internal: 80, external: 25_001 }],
    started: false,
  });
  const id = new RequestIdentifier();
  const installed = await jobs.run(request, { id });
  expect([installed.success, installed.output.toString(), String(installed.pending.get(PENDING_PORTS))]).toEqual([
    "accepted",
    "Container web-1 is installed\n",
    "80 -> 25001",
  ]);
  const joined = await jobs.run(request, { id });
  expect(joined.output).toEqual(installed.output);
  await expect(jobs.run(installContainerRequest({ id: "web-2", image: BOX }), { id })).rejects.toThrow(InvalidJobError);

  expect((await jobs.run(containerPortsRequest({ id: "web-1" }))).data.ports).toEqual([{ internal: 80, external: 25_001 }]);
  const taken = installContainerRequest({ id: "web-2", image: BOX, ports: [{ internal: 80, external: 25_001 }] });
  await expect(jobs.run(taken)).rejects.toMatchObject({ data: { port: 25_001, container: "web-1" }, failure: 0 });

  const { data } = await jobs.run(listContainersRequest({ includeInactive: true }));
  expect(data.containers).toMatchObject([{ id: "web-1", activeState: "inactive", subState: "dead", loadState: "loaded" }]);
  expect((await jobs.run(containerStatusRequest({ id: "web-1" }))).output.toString()).toContain("inactive (dead)");
  expect((await jobs.run(listImagesRequest())).output.toString()).toBe(`${BOX}\n`);

  expect((await jobs.run(putEnvironmentRequest({ id: "env-1", variables: [{ name: "A", value: "ü=1" }] }))).success).toBe("ok");
  expect((await jobs.run(getEnvironmentRequest({ id: "env-1" }))).output.toString()).toBe("A=ü=1\n");

  const chunks: Uint8Array[] = [];
  const once = runContainerRequest({ name: "once", image: BOX, command: "sh", arguments: ["-c", "echo out; exit 3"] });
  const onOutput = (chunk: Uint8Array): undefined => void chunks.push(chunk);
  await jobs.run(once, { onOutput });
  expect(Buffer.concat(chunks).toString()).toBe("out\nJob once exited with code 3\n");
  expect((await jobs.run(once)).data).toEqual({ exitCode: 3 });

  await jobs.run(deleteContainerRequest({ id: "web-1" }));
  const missing = jobs.run(startedContainerStateRequest({ id: "web-1" }));
  await expect(missing).rejects.toThrow(new JobNotFoundError("The specified container does not exist."));
  await expect(jobs.run(startedContainerStateRequest({ id: "w" }))).rejects.toThrow("an identifier has 4 to 24 letters");
});

test("a client says which server it does not reach, and which one refuses it", async () => {
  await using nobody = new JobClient({ endpoint: "tcp://127.0.0.1:1" });
  await expect(nobody.run(listContainersRequest())).rejects.toThrow(
    "ListContainersRequest: the connection to tcp://127.0.0.1:1 failed: connect ECONNREFUSED 127.0.0.1:1",
  );
  expect(() => new JobClient({ endpoint: "nonsense" })).toThrow('the endpoint "nonsense" is invalid');
  const { client } = await startEngine();
  await using server = await JobServer.start({ listen: "tcp://127.0.0.1:0", client, tokens: ["correct-horse"] });
  await using stranger = new JobClient({ endpoint: server.endpoint, token: "wrong-horse" });
  const refused = stranger.run(listContainersRequest());
  await expect(refused).rejects.toThrow("answered 401");
  await expect(refused).rejects.not.toThrow("wrong-horse");
  await expect(refused).rejects.toBeInstanceOf(JobError);
});

test("a request that changes something does not run twice, and one that reads does", async () => {
  const jobs = await transports["in this process"]?.();
  const [change, read] = [new RequestIdentifier(), new RequestIdentifier()];
  await jobs?.run(deleteContainerRequest({ id: "web-1" }), { id: change });
  await expect(jobs?.run(deleteContainerRequest({ id: "web-1" }), { id: change })).rejects.toThrow(JobCompletedError);
  for (let run = 0; run < 2; run++)
    expect((await jobs?.run(listContainersRequest(), { id: read }))?.data).toEqual({ containers: [] });
});
