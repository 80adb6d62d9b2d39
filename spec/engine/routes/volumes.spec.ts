import { expect, test } from "vitest";
import { SystemClock } from "../../../lib/engine/clock.js";
import { EventLog } from "../../../lib/engine/events/event-log.js";
import { volumeRoutes } from "../../../lib/engine/routes/volumes.js";
import { memoryDataRoot } from "../../../lib/engine/store/data-root.js";
import { Volumes } from "../../../lib/engine/volumes/volumes.js";
import { filters, type Send, served } from "./served.js";

async function start(): Promise<Send> {
  const clock = new SystemClock();
  const volumes = await Volumes.open(memoryDataRoot(), { events: new EventLog(clock), clock, users: () => [] });
  return served(volumeRoutes(volumes));
}

test("a volume is created, found and removed", async () => {
  const send = await start();
  const created = await send("POST", "/v1.51/volumes/create", { Name: "data", Labels: { a: "b" }, DriverOpts: null });
  expect(created).toMatchObject({ status: 201, json: { Name: "data", Labels: { a: "b" }, Options: null } });
  expect(await send("GET", "/volumes/data")).toMatchObject({ status: 200, json: created.json });
  expect((await send("GET", `/volumes?${filters({ name: ["dat"] })}`)).json).toEqual({ Volumes: [created.json], Warnings: null });
  expect(await send("GET", `/volumes?${filters({ foo: ["x"] })}`)).toMatchObject({
    status: 400,
    json: { message: "invalid filter 'foo'" },
  });
  expect((await send("DELETE", "/volumes/data")).status).toBe(204);
  expect(await send("DELETE", "/volumes/data")).toMatchObject({ status: 404, json: { message: "get data: no such volume" } });
  expect((await send("DELETE", "/volumes/data?force=1")).status).toBe(204);
});

test("a body is optional, and its members have types", async () => {
  const send = await start();
  expect((await send("POST", "/volumes/create")).status).toBe(201);
  expect(await send("POST", "/volumes/create", { Name: 5 })).toMatchObject({
    status: 400,
    json: { message: "invalid JSON: json: cannot unmarshal number into Go struct field CreateOptions.Name of type string" },
  });
  expect((await send("POST", "/volumes/create", { Name: "xy", Labels: { a: 1 } })).status).toBe(400);
  expect((await send("POST", "/volumes/create", { Name: "xy", ClusterVolumeSpec: {} })).status).toBe(503);
  expect((await send("PUT", "/volumes/xy?version=1", {})).status).toBe(503);
});

test("pruning reports what was removed", async () => {
  const send = await start();
  const { json } = await send("POST", "/volumes/create", {});
  const { Name } = json as { Name: string };
  expect((await send("POST", "/volumes/prune")).json).toEqual({ VolumesDeleted: [Name], SpaceReclaimed: 0 });
});
