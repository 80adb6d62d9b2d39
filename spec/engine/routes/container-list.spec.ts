import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { expect, test } from "vitest";
import { startBareEngine } from "../../support/embedded-engine.js";

test("values of filters that are invalid are named, with the reason", async () => {
  const { client } = await startBareEngine();
  const list = (name: string, value: string) => client.listContainers({ filters: { [name]: [value] } });
  await expect(list("status", "asleep")).rejects.toThrow(
    "invalid filter 'status=asleep': invalid value for state (asleep): must be one of created, running, paused, restarting, removing, exited, dead",
  );
  await expect(list("exited", "x")).rejects.toThrow("invalid filter 'exited=x': strconv.Atoi: parsing \"x\": invalid syntax");
});

test("the build cache is pruned by labels too, as docker system prune asks", async () => {
  const { engine } = await startBareEngine();
  const filters = encodeURIComponent(JSON.stringify({ label: ["a=b"] }));
  const exchange = request({
    socketPath: engine.endpoint.replace("unix://", ""),
    method: "POST",
    path: `/v1.51/build/prune?filters=${filters}`,
  }).end();
  const [response] = (await once(exchange, "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  expect(await json(response)).toMatchObject({ SpaceReclaimed: 0 });
});
