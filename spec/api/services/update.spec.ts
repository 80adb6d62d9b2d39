import { describe, expect, it, vi } from "vitest";
import type { UpdateServiceOptions } from "../../../lib/api/services/update.js";
import { BadRequestError, NotImplementedError, ServerError } from "../../../lib/errors/api-error.js";
import { AbortError } from "../../../lib/errors/connection-errors.js";
import { NoSuchNetworkError } from "../../../lib/errors/network-errors.js";
import { NoSuchServiceError, VersionConflictError } from "../../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import type { ServiceSpec } from "../../../lib/types/service.js";
import { decodeHeader } from "../../support/auth-header.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

const updated = { body: { Warnings: null } };
const spec: ServiceSpec = { Name: "web", TaskTemplate: { ContainerSpec: { Image: "registry:5000/app:2" } } };
const conflict = { status: 500, body: { message: "rpc error: code = Unknown desc = update out of sequence" } };
const auth = { "registry:5000": { username: "u", password: "p" } };

/** The inspect response of the service in one version. */
const inspected = (index: number, more: object = {}): Answer => ({
  body: { ID: "s1", Version: { Index: index }, Spec: { ...spec, Labels: { index: String(index) }, ...more } },
});

describe("Client.updateService with a version", () => {
  it.each<[Partial<UpdateServiceOptions>, string]>([
    [{}, "version=0"],
    [{ rollback: "none" }, "rollback=none&version=0"],
    [{ registryAuthFrom: "spec" }, "registryAuthFrom=spec&version=0"],
    [{ rollback: "previous", registryAuthFrom: "previous-spec" }, "registryAuthFrom=previous-spec&rollback=previous&version=0"],
  ])("sends %j", async (options, query) => {
    const { client, lines, requests } = await recordingDaemon(updated);
    expect(await client.updateService({ id: "a b", spec, version: 0, ...options } as UpdateServiceOptions)).toEqual({
      Warnings: [],
    });
    expect(lines()).toEqual([`POST /v1.51/services/a%20b/update?${query}`]);
    expect(JSON.parse(String(requests[0]?.body))).toEqual(spec);
  });

  it.each<[Partial<UpdateServiceOptions>, unknown]>([
    [{}, { username: "u", password: "p", serveraddress: "registry:5000" }],
    [{ auth: false }, undefined],
    [{ registryAuthFrom: "spec" }, undefined],
    [{ rollback: "previous" }, undefined],
    [{ rollback: "none" }, { username: "u", password: "p", serveraddress: "registry:5000" }],
    [
      { auth: { username: "a", password: "b" }, registryAuthFrom: "spec" },
      { username: "a", password: "b", serveraddress: "registry:5000" },
    ],
  ])("sends credentials for %j: %j", async (options, expected) => {
    const { client, requests } = await recordingDaemon(updated, { auth });
    await client.updateService({ id: "web", spec, version: 1, ...options } as UpdateServiceOptions);
    expect(decodeHeader(requests[0]?.headers["x-registry-auth"])).toEqual(expected);
  });

  it("keeps the service's credentials if the client has no credentials", async () => {
    const { client, requests } = await recordingDaemon(updated, { auth: {} });
    await client.updateService({ id: "web", spec, version: 1 });
    expect(requests[0]?.headers).not.toHaveProperty("x-registry-auth");
  });

  it("does not retry when the service has changed", async () => {
    const { client, lines } = await recordingDaemon(conflict);
    const failing = client.updateService({ id: "web", spec, version: 1 });
    await expect(failing).rejects.toThrow(VersionConflictError);
    await expect(failing).rejects.toMatchObject({ kind: "service", id: "web" });
    expect(lines()).toHaveLength(1);
  });

  it.each<[Partial<UpdateServiceOptions>, string]>([
    [{ rollback: "previous" }, "1.27"],
    [{ registryAuthFrom: "spec" }, "1.24"],
    [{ spec: { RollbackConfig: { Parallelism: 2 } }, version: 1 }, "1.27"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, requests } = await recordingDaemon(updated, { apiVersion });
    const failing = client.updateService({ id: "web", spec, version: 1, ...options } as UpdateServiceOptions);
    await expect(failing).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  it("rejects a spec object without a version", async () => {
    const { client, requests } = await recordingDaemon(updated);
    const failing = client.updateService({ id: "web", spec } as unknown as UpdateServiceOptions);
    await expect(failing).rejects.toThrow(InvalidOptionError);
    await expect(failing).rejects.toMatchObject({ option: "version" });
    expect(requests).toEqual([]);
  });
});

describe("Client.updateService with a function", () => {
  it("sends the function's result with the current version", async () => {
    const { client, lines, requests } = await recordingDaemon([inspected(7), updated]);
    const make = vi.fn((current: ServiceSpec): ServiceSpec => ({ ...current, Mode: { Replicated: { Replicas: 3 } } }));
    expect(await client.updateService({ id: "web", spec: make })).toEqual({ Warnings: [] });
    expect(lines()).toEqual(["GET /v1.51/services/web", "POST /v1.51/services/web/update?version=7"]);
    expect(make).toHaveBeenCalledExactlyOnceWith({ ...spec, Labels: { index: "7" } });
    expect(JSON.parse(String(requests[1]?.body))).toEqual({
      ...spec,
      Labels: { index: "7" },
      Mode: { Replicated: { Replicas: 3 } },
    });
  });

  it("calls the function again with newer settings when the service has changed", async () => {
    const { client, lines, requests } = await recordingDaemon([
      inspected(7),
      conflict,
      inspected(9),
      conflict,
      inspected(12),
      updated,
    ]);
    await client.updateService({ id: "web", spec: (current) => Promise.resolve({ ...current, Name: "web" }) });
    expect(lines().filter((line) => line.startsWith("POST"))).toEqual(
      [7, 9, 12].map((version) => `POST /v1.51/services/web/update?version=${version}`),
    );
    expect(JSON.parse(String(requests[5]?.body))).toMatchObject({ Labels: { index: "12" } });
  });

  it("gives up after ten version conflicts", async () => {
    let version = 0;
    const { client, lines } = await recordingDaemon(({ line }) =>
      line.startsWith("GET") ? inspected((version += 1)) : conflict,
    );
    await expect(client.updateService({ id: "web", spec: (current) => current })).rejects.toThrow(VersionConflictError);
    expect(lines()).toHaveLength(20);
  });

  it("rejects with the function's error and sends no update", async () => {
    const { client, lines } = await recordingDaemon(inspected(7));
    const make = () => {
      throw new RangeError("too many");
    };
    await expect(client.updateService({ id: "web", spec: make })).rejects.toThrow(RangeError);
    expect(lines()).toEqual(["GET /v1.51/services/web"]);
  });

  it("resends settings newer than the API version, but rejects added settings", async () => {
    const { client, lines } = await recordingDaemon([inspected(7, { RollbackConfig: {} }), updated, inspected(8)], {
      apiVersion: "1.27",
    });
    await client.updateService({ id: "web", spec: (current) => ({ ...current, Labels: {} }) });
    expect(lines()).toHaveLength(2);
    const adding = client.updateService({ id: "web", spec: (current) => ({ ...current, RollbackConfig: { Parallelism: 2 } }) });
    await expect(adding).rejects.toThrow(UnsupportedVersionError);
  });

  it("sends the credentials for the image in the new spec", async () => {
    const answers = [inspected(7, { TaskTemplate: { ContainerSpec: { Image: "nginx" } } }), updated];
    const { client, requests } = await recordingDaemon(answers, { auth });
    await client.updateService({ id: "web", spec: (current) => ({ ...current, TaskTemplate: spec.TaskTemplate ?? {} }) });
    expect(decodeHeader(requests[1]?.headers["x-registry-auth"])).toMatchObject({ username: "u" });
  });

  it("can be aborted", async () => {
    const abort = new AbortController();
    const { client } = await recordingDaemon(({ line }) => {
      if (line.startsWith("POST")) abort.abort();
      return line.startsWith("GET") ? inspected(7) : { handle: () => undefined };
    });
    const failing = client.updateService({ id: "web", spec: (current) => current }, { signal: abort.signal });
    await expect(failing).rejects.toThrow(AbortError);
  });
});

describe("Client.updateService with only a rollback", () => {
  it("sends the current spec and version, without credentials", async () => {
    const { client, lines, requests } = await recordingDaemon([inspected(7, { EndpointSpec: {} }), updated], { auth });
    await client.updateService({ id: "web", rollback: "previous" });
    expect(lines()).toEqual(["GET /v1.51/services/web", "POST /v1.51/services/web/update?rollback=previous&version=7"]);
    expect(JSON.parse(String(requests[1]?.body))).toMatchObject({ ...spec, EndpointSpec: {} });
    expect(requests[1]?.headers).not.toHaveProperty("x-registry-auth");
  });
});

describe("Client.updateService", () => {
  it.each([
    [404, "service web not found", NoSuchServiceError],
    [500, "network front not found", NoSuchNetworkError],
    [404, "network front not found", NoSuchNetworkError],
    [400, "rpc error: code = FailedPrecondition desc = service s1 does not have a previous spec", BadRequestError],
    [501, "rpc error: code = Unimplemented desc = renaming services is not supported", NotImplementedError],
    [500, "unrecognized rollback option foo", ServerError],
    [503, 'This node is not a swarm manager. Use "docker swarm init"', NodeNotInSwarmError],
  ])("maps %i %s to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error: unknown = await client.updateService({ id: "web", spec, version: 1 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, operation: "updateService" });
  });

  it("rejects an empty name as a missing service", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.updateService({ id: "", spec, version: 1 })).rejects.toThrow(NoSuchServiceError);
    await expect(client.updateService({ id: "", rollback: "previous" })).rejects.toThrow(NoSuchServiceError);
    expect(requests).toEqual([]);
  });
});
