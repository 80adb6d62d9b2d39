import { describe, expect, it } from "vitest";
import { BadRequestError, ConflictError, NotFoundError } from "../../../lib/errors/api-error.js";
import { ContainerPausedError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { NoSuchNetworkError } from "../../../lib/errors/network-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import type { HostConfig } from "../../../lib/types/host-config.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.startContainer", () => {
  it("sends every option, and no body", async () => {
    const { client, requests, lines } = await recordingDaemon({ status: 204 });
    const options = { id: "a b", detachKeys: "ctrl-x,x", checkpoint: "one", checkpointDir: "/tmp/c" };
    expect(await client.startContainer(options)).toEqual({ alreadyInState: false });
    expect(lines()).toEqual([
      "POST /v1.51/containers/a%20b/start?checkpoint=one&checkpoint-dir=%2Ftmp%2Fc&detachKeys=ctrl-x%2Cx",
    ]);
    expect(requests[0]?.body.length).toBe(0);
    expect(requests[0]?.headers["transfer-encoding"]).toBeUndefined();
  });

  it("reports that the container was already running", async () => {
    const { client } = await recordingDaemon({ status: 304 });
    expect(await client.startContainer({ id: "web" })).toEqual({ alreadyInState: true });
  });

  const own = {
    Memory: 64,
    Binds: null,
    Dns: ["1.1.1.1"],
    Privileged: false,
    PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] },
    RestartPolicy: { Name: "always" as const, MaximumRetryCount: 0 },
  };

  it.each<HostConfig>([
    { Memory: 64, Dns: ["1.1.1.1"] },
    { Binds: [], Links: null, CpuShares: 0, Privileged: false },
    { PortBindings: { "80/tcp": [{ HostPort: "8080" }] }, RestartPolicy: { Name: "always" as const } },
  ])("accepts a host configuration that equals the container's: %j", async (hostConfig) => {
    const { client, lines } = await recordingDaemon([{ body: { HostConfig: own } }, { status: 204 }]);
    await client.startContainer({ id: "web", hostConfig });
    expect(lines()).toEqual(["GET /v1.51/containers/web/json", "POST /v1.51/containers/web/start"]);
  });

  it.each<HostConfig>([
    { Memory: 32 },
    { Memory: 0 },
    { Privileged: true },
    { Binds: ["/a:/b"] },
    { Dns: [] },
    { Dns: ["1.1.1.1", "8.8.8.8"] },
    { Dns: ["8.8.8.8"] },
    { PortBindings: { "80/tcp": [] } },
    { PortBindings: { "80/tcp": [{ HostPort: "8080" }, { HostPort: "8081" }] } },
    { PortBindings: { "81/tcp": [{ HostPort: "8080" }] } },
    { PortBindings: { "80/tcp": [{ HostPort: "8081" }] } },
  ])("rejects a host configuration that differs: %j", async (hostConfig) => {
    const { client, lines } = await recordingDaemon({ body: { HostConfig: own } });
    await expect(client.startContainer({ id: "web", hostConfig })).rejects.toThrow(InvalidOptionError);
    expect(lines()).toEqual(["GET /v1.51/containers/web/json"]);
  });

  it("rejects a list that is shorter than the container's", async () => {
    const { client } = await recordingDaemon({ body: { HostConfig: { Dns: ["1.1.1.1", "8.8.8.8"] } } });
    await expect(client.startContainer({ id: "web", hostConfig: { Dns: ["1.1.1.1"] } })).rejects.toThrow(/in Dns:/);
  });

  it("does not inspect the container for an empty host configuration", async () => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client.startContainer({ id: "web", hostConfig: {} });
    expect(lines()).toEqual(["POST /v1.51/containers/web/start"]);
  });

  it("names the differences and the method to use instead", async () => {
    const { client, lines } = await recordingDaemon({ body: { HostConfig: { Memory: 0, Dns: [] } } });
    const start = client.startContainer({ id: "web", hostConfig: { Memory: 64, Dns: ["1.1.1.1"], Binds: [] } });
    const error = await start.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: "hostConfig", operation: "startContainer" });
    expect((error as Error).message).toMatch(/web in Memory, Dns: .*createContainer/);
    expect(lines()).toEqual(["GET /v1.51/containers/web/json"]);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError, "NoSuchContainerError"],
    [404, 'no container with name or ID "web" found: no such container', NoSuchContainerError, "NoSuchContainerError"],
    [404, "network nonet not found", NoSuchNetworkError, "NoSuchNetworkError"],
    [404, "failed to set up container networking: network nonet not found", NoSuchNetworkError, "NoSuchNetworkError"],
    [404, "the checkpoint does not exist", NotFoundError, "NotFoundError"],
    [409, "cannot start a paused container, try unpause instead", ContainerPausedError, "ContainerPausedError"],
    [404, "No such container: db", NotFoundError, "NotFoundError"],
    [500, 'no container with name or ID "web" found: no such container', NoSuchContainerError, "NoSuchContainerError"],
    [
      500,
      "container 4f must be in Created or Stopped state to be started: container state improper",
      ConflictError,
      "ConflictError",
    ],
    [409, "container is marked for removal and cannot be started", ConflictError, "ConflictError"],
    [400, 'exec: "nope": executable file not found in $PATH: unknown', BadRequestError, "CommandNotFoundError"],
  ])("maps %i (%s) to its error class", async (status, message, expected, name) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.startContainer({ id: "web" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ name, status, reason: message, operation: "startContainer" });
  });

  it("rejects an empty ID before anything is sent", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.startContainer({ id: "" })).rejects.toThrow(NoSuchContainerError);
    expect(requests).toEqual([]);
  });
});
