/** Tests code that uses Docker on an engine inside the test process. Run it with `npx vitest run --root docs/examples`. */
import { Client } from "ts-dockerclient";
import { EmbeddedEngine, ManualClock } from "ts-dockerclient/engine";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

/** The code under test: starts a container, and tries once more if that fails. */
async function startPatiently(/** @type {Client} */ client, /** @type {string} */ image) {
  const { Id: id } = await client.createContainer({ config: { Image: image, Cmd: ["sleep", "60"] } });
  await client.startContainer({ id }).catch(() => client.startContainer({ id }));
  return id;
}

const clock = new ManualClock();
/** @type {EmbeddedEngine} */
let engine;
/** @type {Client} */
let client;

beforeAll(async () => {
  engine = await EmbeddedEngine.start({ clock });
  client = new Client({ endpoint: engine.endpoint });
});
afterEach(() => engine.reset());
afterAll(async () => {
  await client.close();
  await engine.close();
});

test("a container that does not start at once is tried again", async () => {
  const failure = engine.failures.add({ operation: "ContainerStart", times: 1, status: 500, message: "no space left on device" });
  const id = await startPatiently(client, "busybox");
  expect(failure.failed).toBe(1);
  expect(engine.requests.list({ operation: "ContainerStart" }).map(({ status }) => status)).toEqual([500, 204]);
  expect((await client.inspectContainer({ id })).State.Running).toBe(true);
});

test("a container ends after a minute", async () => {
  const id = await startPatiently(client, "busybox");
  await clock.untilSleeping(60_000);
  await clock.advance(60_000);
  expect(await client.waitContainer({ id })).toMatchObject({ statusCode: 0 });
});

test("a container that has no memory left is noticed", async () => {
  const id = await startPatiently(client, "busybox");
  const ended = client.waitContainer({ id });
  await engine.containers.oom(id);
  expect(await ended).toMatchObject({ statusCode: 137 });
});
