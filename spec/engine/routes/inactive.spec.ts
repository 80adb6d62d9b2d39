import { expect, test } from "vitest";
import { inactiveRoutes } from "../../../lib/engine/routes/inactive.js";
import { served } from "./served.js";

test.each([
  ["GET", "/swarm"],
  ["GET", "/nodes"],
  ["POST", "/services/create"],
  ["GET", "/tasks/x/logs?stdout=1"],
  ["DELETE", "/secrets/x"],
  ["POST", "/configs/x/update?version=1"],
])("%s %s answers that the node is not a manager", async (method, path) => {
  const send = await served(inactiveRoutes());
  const { status, json } = await send(method, path);
  expect(status).toBe(503);
  expect(json).toEqual({
    message: expect.stringMatching(/^This node is not a swarm manager\. Use "docker swarm init"/) as string,
  });
});

test("leaving a swarm answers that there is none, and starting one is not supported", async () => {
  const send = await served(inactiveRoutes());
  expect(await send("POST", "/swarm/leave")).toMatchObject({
    status: 503,
    json: { message: "This node is not part of a swarm" },
  });
  expect(await send("POST", "/swarm/init", {})).toMatchObject({
    status: 501,
    json: { message: "the embedded engine does not support swarm mode" },
  });
});

test("there are no plugins", async () => {
  const send = await served(inactiveRoutes());
  expect(await send("GET", "/plugins")).toMatchObject({ status: 200, json: [] });
  expect(await send("GET", "/plugins/vieux/sshfs/json")).toMatchObject({
    status: 404,
    json: { message: 'plugin "vieux/sshfs" not found' },
  });
  expect(await send("DELETE", "/plugins/vieux/sshfs")).toMatchObject({ status: 404 });
  expect(await send("POST", "/plugins/pull?remote=x", [])).toMatchObject({ status: 501 });
  expect(await send("GET", "/plugins/privileges?remote=x")).toMatchObject({ status: 501 });
});

test.each([
  ["POST", "/session"],
  ["POST", "/grpc"],
  ["GET", "/containers/x/checkpoints"],
  ["GET", "/distribution/a/b/json"],
])("%s %s is not supported", async (method, path) => {
  const send = await served(inactiveRoutes());
  expect((await send(method, path)).status).toBe(501);
});
