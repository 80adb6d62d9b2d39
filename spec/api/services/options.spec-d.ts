import { describe, expectTypeOf, it } from "vitest";
import type { Client } from "../../../lib/client.js";
import type { FrameStream } from "../../../lib/streams/frame-stream.js";
import type { ServiceSpec } from "../../../lib/types/service.js";

declare const client: Client;
declare const spec: ServiceSpec;

describe("the options of Client.updateService", () => {
  it("are a spec with a version, a function of the current spec, or only a rollback", () => {
    expectTypeOf(client.updateService).toBeCallableWith({ id: "web", spec, version: 1, rollback: "none" });
    expectTypeOf(client.updateService).toBeCallableWith({ id: "web", spec: (current) => ({ ...current, Labels: {} }) });
    expectTypeOf(client.updateService).toBeCallableWith({ id: "web", spec: (current) => Promise.resolve(current) });
    expectTypeOf(client.updateService).toBeCallableWith({ id: "web", rollback: "previous" });
    // @ts-expect-error a spec object needs a version
    void client.updateService({ id: "web", spec });
    // @ts-expect-error a function applies to the current version
    void client.updateService({ id: "web", spec: (current: ServiceSpec) => current, version: 1 });
    // @ts-expect-error there is nothing to update
    void client.updateService({ id: "web" });
    // @ts-expect-error "previous" is the only rollback
    void client.updateService({ id: "web", rollback: "all" });
  });
});

describe("the filters of services and tasks", () => {
  it("accept only known names and values", () => {
    expectTypeOf(client.listServices).toBeCallableWith({ filters: { mode: "global", label: ["a", "b=c"] } });
    expectTypeOf(client.listTasks).toBeCallableWith({ filters: { "desired-state": "running", "_up-to-date": true } });
    // @ts-expect-error services have no filter "status"
    void client.listServices({ filters: { status: "running" } });
    // @ts-expect-error engines treat every value as true
    void client.listTasks({ filters: { "_up-to-date": false } });
  });
});

describe("the logs of a service", () => {
  it("are a stream, or void with an output stream", () => {
    expectTypeOf(client.serviceLogs({ id: "web" })).resolves.toEqualTypeOf<FrameStream>();
    expectTypeOf(client.taskLogs({ id: "t", outputStream: process.stdout })).resolves.toBeVoid();
  });
});
