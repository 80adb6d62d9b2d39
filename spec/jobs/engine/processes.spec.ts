import { expect, test } from "vitest";
import { engineBackEnd } from "../../../lib/jobs/engine/engine-back-end.js";
import { JobAlreadyExistsError } from "../../../lib/jobs/errors.js";
import { RequestIdentifier } from "../../../lib/jobs/request-identifier.js";
import { IMAGE, jobId, SLEEP, startJobs } from "../support/jobs-bed.js";

/** How many back ends there are: each is one as another process has it, with a store and an order of installations of its own. */
const PROCESSES = 2;

test("several processes that install one container at once do not get in each other's way", async () => {
  const bed = await startJobs();
  const backEnds = Array.from({ length: PROCESSES }, () => engineBackEnd({ client: bed.client }));
  const id = jobId(bed);
  let wins = 0;
  for (let round = 0; round < 100; round++) {
    const results = await Promise.allSettled(
      backEnds.map((backEnd) =>
        backEnd.install(
          { id, image: IMAGE, command: SLEEP, ports: [{ internal: 80 }] },
          new RequestIdentifier(),
          AbortSignal.timeout(60_000),
        ),
      ),
    );
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
    for (const failure of failures) expect(failure).toBeInstanceOf(JobAlreadyExistsError);
    expect(failures.length).toBeLessThan(PROCESSES);
    wins += PROCESSES - failures.length;
    const left = await bed.client.listContainers({ all: true, filters: { label: `ts-dockerclient.jobs.id=${id}` } });
    expect(left.map(({ Names }) => Names)).toEqual([[`/ctr-${id}`]]);
  }
  expect(wins).toBeGreaterThanOrEqual(100);
});

test("several processes that reserve ports at once never reserve one twice", async () => {
  const bed = await startJobs();
  const range = { first: 26_500, end: 26_540 };
  const backEnds = Array.from({ length: PROCESSES }, () => engineBackEnd({ client: bed.client, ports: range }));
  const ids = Array.from({ length: 20 }, () => jobId(bed));
  const results = await Promise.all(
    ids.map((id, index) =>
      (backEnds[index % PROCESSES] ?? bed.backEnd).install(
        { id, image: IMAGE, command: SLEEP, ports: [{ internal: 80 }] },
        new RequestIdentifier(),
        AbortSignal.timeout(60_000),
      ),
    ),
  );
  const ports = results.flatMap((result) => result.ports.map(({ external }) => external));
  expect(new Set(ports).size).toBe(20);
});

test("of many installations that want one port, exactly one has it", async () => {
  const bed = await startJobs();
  const backEnds = Array.from({ length: PROCESSES }, () => engineBackEnd({ client: bed.client }));
  const ids = Array.from({ length: 20 }, () => jobId(bed));
  const results = await Promise.allSettled(
    ids.map((id, index) =>
      (backEnds[index % PROCESSES] ?? bed.backEnd).install(
        { id, image: IMAGE, command: SLEEP, ports: [{ internal: 80, external: 26_600 }] },
        new RequestIdentifier(),
        AbortSignal.timeout(60_000),
      ),
    ),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const result of results)
    if (result.status === "rejected")
      expect(result.reason).toMatchObject({ message: expect.stringContaining("ports could not") as string });
  const found = await bed.client.listContainers({ all: true, filters: { name: ids.map((id) => `ctr-${id}`) } });
  expect(found).toHaveLength(1);
});
