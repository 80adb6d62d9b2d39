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
  const place = { ListenAddr: "127.0.0.1:2377", AdvertiseAddr: "127.0.0.1" };
  const unsupported = { status: 501, json: { message: "the embedded engine does not support swarm mode" } };
  expect(await send("POST", "/swarm/init", place)).toMatchObject(unsupported);
  const token = `SWMTKN-1-${"a".repeat(50)}-${"b".repeat(25)}`;
  expect(await send("POST", "/swarm/join", { ...place, RemoteAddrs: ["127.0.0.1"], JoinToken: token })).toMatchObject(
    unsupported,
  );
});

test.each([
  ["init", { ListenAddr: "" }, 400, 'invalid ListenAddr "": invalid empty address'],
  ["init", { ListenAddr: "nonsense:1" }, 400, /^listen address must be an IP address or network interface/],
  ["init", { AdvertiseAddr: "nonsense:x" }, 400, /^advertise address must be a non-zero IP address or network interface/],
  ["init", { AdvertiseAddr: "0.0.0.0" }, 400, /^advertise address must be a non-zero IP address or network interface/],
  ["init", { Spec: { Name: "other" } }, 400, 'swarm spec must be named "default"'],
  ["init", { DefaultAddrPool: ["nonsense"] }, 400, "invalid CIDR address: nonsense"],
  ["init", { DataPathPort: 10 }, 400, /^Datapath port number is not in valid range \(1024-49151\) : 10$/],
  ["init", { DataPathPort: "x" }, 400, /^invalid JSON: json: cannot unmarshal string/],
  ["join", { RemoteAddrs: [] }, 400, "at least 1 RemoteAddr is required to join"],
  ["join", { RemoteAddrs: ["127.0.0.1"], JoinToken: "nonsense" }, 500, "invalid join token"],
])("checks the request of %s with %j", async (operation, members, status, message) => {
  const send = await served(inactiveRoutes());
  const answer = await send("POST", `/swarm/${operation}`, { ListenAddr: "[::1]:2377", AdvertiseAddr: "", ...members });
  expect(answer).toMatchObject({ status, json: { message: expect.stringMatching(message) as string } });
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
])("%s %s is not supported", async (method, path) => {
  const send = await served(inactiveRoutes());
  expect((await send(method, path)).status).toBe(501);
});
