import { describe, expect, it } from "vitest";
import type { CreateContainerOptions } from "../../../lib/api/containers/create.js";
import { BadRequestError, NotFoundError, ServerError } from "../../../lib/errors/api-error.js";
import { ContainerAlreadyExistsError } from "../../../lib/errors/container-errors.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { NoSuchNetworkError } from "../../../lib/errors/network-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { type RecordedRequest, recordingDaemon } from "../../support/recording-daemon.js";

const created = { status: 201, body: { Id: "4fa6e0f0c678", Warnings: [] } };
const bodyOf = (request: RecordedRequest | undefined): unknown => JSON.parse(request?.body.toString() ?? "");

describe("Client.createContainer", () => {
  it("sends config at the root of the body, next to the other options", async () => {
    const { client, requests, lines } = await recordingDaemon(created);
    const answer = await client.createContainer({
      name: "web 1",
      platform: { os: "linux", architecture: "arm64", variant: "v8" },
      config: { Image: "busybox", Cmd: ["sh", "-c", ""], Env: [], Tty: false, StopTimeout: 0 },
      hostConfig: { Memory: 0, AutoRemove: false, Mounts: [{ Type: "tmpfs", Target: "/t" }] },
      networkingConfig: { EndpointsConfig: { net: { Aliases: ["a"] } } },
    });
    expect(answer).toEqual({ Id: "4fa6e0f0c678", Warnings: [] });
    expect(lines()).toEqual(["POST /v1.51/containers/create?name=web+1&platform=linux%2Farm64%2Fv8"]);
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
    expect(bodyOf(requests[0])).toEqual({
      Image: "busybox",
      Cmd: ["sh", "-c", ""],
      Env: [],
      Tty: false,
      StopTimeout: 0,
      HostConfig: { Memory: 0, AutoRemove: false, Mounts: [{ Type: "tmpfs", Target: "/t" }] },
      NetworkingConfig: { EndpointsConfig: { net: { Aliases: ["a"] } } },
    });
  });

  it("sends only the options that are set", async () => {
    const { client, requests, lines } = await recordingDaemon(created);
    await client.createContainer({ config: { Image: "busybox" } });
    expect(lines()).toEqual(["POST /v1.51/containers/create"]);
    expect(requests[0]?.body.toString()).toBe('{"Image":"busybox"}');
  });

  it("moves old fields and LXC settings to their new places", async () => {
    const { client, requests } = await recordingDaemon(created);
    await client.createContainer({
      config: { Image: "busybox", Memory: 64, VolumesFrom: "a,b:ro" },
      hostConfig: { LxcConf: [{ Key: "lxc.network.hwaddr", Value: "02:42:ac:11:00:09" }] },
    });
    expect(bodyOf(requests[0])).toEqual({
      Image: "busybox",
      HostConfig: { Memory: 64, VolumesFrom: ["a", "b:ro"] },
      NetworkingConfig: { EndpointsConfig: { default: { MacAddress: "02:42:ac:11:00:09" } } },
    });
  });

  it("sends the MAC address at the root of the body before API 1.44", async () => {
    const { client, requests } = await recordingDaemon(created, { apiVersion: "1.43" });
    await client.createContainer({
      config: {},
      hostConfig: {
        LxcConf: [
          { Key: "lxc.network.hwaddr", Value: "02:42:ac:11:00:09" },
          { Key: "lxc.pivotdir", Value: "x" },
        ],
      },
      ignoreUnknownLxcConf: true,
    });
    expect(bodyOf(requests[0])).toEqual({ MacAddress: "02:42:ac:11:00:09", HostConfig: {} });
  });

  it.each<[string, Partial<CreateContainerOptions>, unknown]>([
    ["1.43", {}, { MacAddress: "02:42:ac:11:00:09" }],
    ["1.44", {}, { NetworkingConfig: { EndpointsConfig: { default: { MacAddress: "02:42:ac:11:00:09" } } } }],
    [
      "1.52",
      { hostConfig: { NetworkMode: "net" } },
      {
        HostConfig: { NetworkMode: "net" },
        NetworkingConfig: { EndpointsConfig: { net: { MacAddress: "02:42:ac:11:00:09" } } },
      },
    ],
  ])("sends the MAC address where API %s reads it", async (apiVersion, options, body) => {
    const { client, requests } = await recordingDaemon(created, { apiVersion });
    await client.createContainer({ config: { MacAddress: "02:42:ac:11:00:09" }, ...options });
    expect(bodyOf(requests[0])).toEqual(body);
  });

  it.each<[Partial<CreateContainerOptions>, string, string]>([
    [{ platform: "linux/amd64" }, "1.40", 'option "platform"'],
    [{ config: { StopTimeout: 1 } }, "1.24", "StopTimeout"],
    [{ config: { Healthcheck: { StartInterval: 1 } } }, "1.43", "Healthcheck.StartInterval"],
    [{ hostConfig: { Init: true } }, "1.24", "HostConfig.Init"],
    [
      { hostConfig: { Mounts: [{ Type: "bind", Target: "/t", BindOptions: { CreateMountpoint: true } }] } },
      "1.41",
      "CreateMountpoint",
    ],
  ])("rejects %j in API %s before anything is sent", async (options, apiVersion, subject) => {
    const { client, requests } = await recordingDaemon(created, { apiVersion });
    const error = await client.createContainer({ config: {}, ...options }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect((error as Error).message).toContain(subject);
    expect(requests).toEqual([]);
  });

  it("exposes published ports", async () => {
    const { client, requests } = await recordingDaemon(created);
    const PortBindings = { "80/tcp": [{ HostPort: "8080" }] };
    await client.createContainer({ config: {}, hostConfig: { PortBindings } });
    expect(bodyOf(requests[0])).toEqual({ ExposedPorts: { "80/tcp": {} }, HostConfig: { PortBindings } });
  });

  it.each([
    [{ config: "x" }, 'option "config" must be an object, not another string'],
    [{ config: [] }, 'option "config" must be an object, not an array'],
    [{ config: null }, 'option "config" must be an object, not null'],
    [{ config: {}, hostConfig: "x" }, 'option "hostConfig" must be an object, not another string'],
    [{ config: {}, networkingConfig: 1 }, 'option "networkingConfig" must be an object, not number'],
    [{ config: { VolumesFrom: 1 } }, "config.VolumesFrom must be a string"],
    [{ config: { PortSpecs: 80 } }, "config.PortSpecs must be a list"],
    [{ config: {}, hostConfig: { LxcConf: 1 } }, "hostConfig.LxcConf must be a list"],
  ])("rejects %j before anything is sent", async (options, message) => {
    const { client, requests } = await recordingDaemon(created);
    const error = await client.createContainer(options as never).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect((error as Error).message).toBe(`createContainer: ${message}`);
    expect(requests).toEqual([]);
  });

  it("rejects when config is missing", async () => {
    const { client, requests } = await recordingDaemon(created);
    await expect(client.createContainer({} as never)).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  it.each([
    [404, "No such image: nope:1", NoSuchImageError, { image: "nope:1" }],
    [404, "nope:1: image not known", NoSuchImageError, { image: "nope:1" }],
    [
      404,
      "image with reference nope:1 was found but does not match the specified platform",
      NoSuchImageError,
      { image: "nope:1" },
    ],
    [404, "network nonet not found", NoSuchNetworkError, { id: "nonet" }],
    [
      500,
      "container create: unable to find network with name or ID nonet: network not found",
      NoSuchNetworkError,
      { id: "nonet" },
    ],
    [404, 'create v: error looking up volume plugin x: plugin "x" not found', NotFoundError, { name: "NotFoundError" }],
    [
      409,
      'Conflict. The container name "/web" is already in use by container "4fa".',
      ContainerAlreadyExistsError,
      { containerName: "web" },
    ],
    [
      500,
      'creating container: the container name "web" is already in use by 4fa: that name is already in use',
      ContainerAlreadyExistsError,
      { containerName: "web" },
    ],
    [500, "mkdir /x: file already exists", ServerError, { name: "ServerError" }],
    [400, "No command specified", BadRequestError, { name: "BadRequestError" }],
  ])("maps %i (%s) to its error class", async (status, message, expected, more) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.createContainer({ name: "web", config: { Image: "nope:1" } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "createContainer", ...more });
  });
});
