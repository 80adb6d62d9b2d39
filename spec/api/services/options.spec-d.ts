import { describe, expectTypeOf, it } from "vitest";
import type { Client } from "../../../lib/client.js";
import type { FrameStream } from "../../../lib/streams/frame-stream.js";
import type { ServiceSpec } from "../../../lib/types/service.js";

declare const client: Client;
declare const spec: ServiceSpec;

describe("the options of updateService", () => {
  it("are a spec for a version, a function of the current spec, or a rollback alone", () => {
    expectTypeOf(client.updateService).toBeCallableWith({ id: "web", spec, version: 1, rollback: "none" });
    expectTypeOf(client.updateService).toBeCallableWith({ id: "web", spec: (current) => ({ ...current, Labels: {} }) });
    expectTypeOf(client.updateService).toBeCallableWith({ id: "web", spec: (current) => Promise.resolve(current) });
    expectTypeOf(client.updateService).toBeCallableWith({ id: "web", rollback: "previous" });
    // @ts-expect-error a spec that is not made of the current one needs a version
    void client.updateService({ id: "web", spec });
    // @ts-expect-error a function is applied to the version that it finds
    void client.updateService({ id: "web", spec: (current: ServiceSpec) => current, version: 1 });
    // @ts-expect-error nothing would change
    void client.updateService({ id: "web" });
    // @ts-expect-error there is one kind of rollback
    void client.updateService({ id: "web", rollback: "all" });
  });
});

describe("the filters of services and tasks", () => {
  it("are those that engines know", () => {
    expectTypeOf(client.listServices).toBeCallableWith({ filters: { mode: "global", label: ["a", "b=c"] } });
    expectTypeOf(client.listTasks).toBeCallableWith({ filters: { "desired-state": "running", "_up-to-date": true } });
    // @ts-expect-error services have no status
    void client.listServices({ filters: { status: "running" } });
    // @ts-expect-error engines read any value as true
    void client.listTasks({ filters: { "_up-to-date": false } });
  });
});

describe("the logs of a service", () => {
  it("are a stream to read, or nothing where they have a place", () => {
    expectTypeOf(client.serviceLogs({ id: "web" })).resolves.toEqualTypeOf<FrameStream>();
    expectTypeOf(client.taskLogs({ id: "t", outputStream: process.stdout })).resolves.toBeVoid();
  });
});
