import { describe, expect, it } from "vitest";
import type { ConnectNetworkOptions, DisconnectNetworkOptions } from "../../../lib/api/networks/connect.js";
import { BadRequestError, ForbiddenError, ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import {
  ContainerAlreadyConnectedError,
  ContainerNotConnectedError,
  NoSuchNetworkError,
  NoSuchNetworkOrContainerError,
} from "../../../lib/errors/network-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.connectNetwork", () => {
  it("sends only the container", async () => {
    const { client, requests, lines } = await recordingDaemon();
    await client.connectNetwork({ id: "a b", container: "web" });
    expect(lines()).toEqual(["POST /v1.51/networks/a%20b/connect"]);
    expect(JSON.parse(String(requests[0]?.body))).toEqual({ Container: "web" });
  });

  it("sends every endpoint setting", async () => {
    const { client, requests } = await recordingDaemon();
    const endpointConfig = {
      IPAMConfig: { IPv4Address: "172.30.0.9", IPv6Address: "2001:db8::9", LinkLocalIPs: ["169.254.3.3"] },
      Links: ["db:database"],
      Aliases: ["www"],
      MacAddress: "02:42:ac:1e:00:09",
      DriverOpts: { a: "b" },
      GwPriority: 5,
    };
    await client.connectNetwork({ id: "shop", container: "web", endpointConfig });
    expect(JSON.parse(String(requests[0]?.body))).toEqual({ Container: "web", EndpointConfig: endpointConfig });
  });

  it("accepts the text OK, which is Podman's response", async () => {
    const { client } = await recordingDaemon({ body: "OK" });
    await expect(client.connectNetwork({ id: "shop", container: "web" })).resolves.toBeUndefined();
  });

  it.each<[ConnectNetworkOptions["endpointConfig"], string]>([
    [{ GwPriority: 1 }, "1.47"],
    [{ DriverOpts: { a: "b" } }, "1.31"],
  ])("rejects %j in API %s", async (endpointConfig, apiVersion) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    const call = client.connectNetwork({ id: "shop", container: "web", endpointConfig });
    await expect(call).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });
});

describe("Client.disconnectNetwork", () => {
  it.each<[Partial<DisconnectNetworkOptions>, object]>([
    [{}, { Container: "web" }],
    [{ force: true }, { Container: "web", Force: true }],
    [{ force: false }, { Container: "web", Force: false }],
  ])("sends %j", async (options, body) => {
    const { client, requests, lines } = await recordingDaemon();
    await client.disconnectNetwork({ id: "shop", container: "web", ...options });
    expect(lines()).toEqual(["POST /v1.51/networks/shop/disconnect"]);
    expect(JSON.parse(String(requests[0]?.body))).toEqual(body);
  });
});

describe.each(["connectNetwork", "disconnectNetwork"] as const)("Client.%s", (method) => {
  it.each([
    [404, "network shop not found", NoSuchNetworkError],
    [404, "unable to find network with name or ID shop: network not found", NoSuchNetworkError],
    [404, "No such container: web", NoSuchContainerError],
    [404, 'no container with name or ID "web" found: no such container', NoSuchContainerError],
    [404, "endpoint web not found", NoSuchNetworkOrContainerError],
    [404, "", NoSuchNetworkOrContainerError],
    [403, "endpoint with name web already exists in network shop", ContainerAlreadyConnectedError],
    [500, 'container 4f is already connected to network "shop": network is already connected', ContainerAlreadyConnectedError],
    [500, "container 4f is not connected to network shop", ContainerNotConnectedError],
    [403, "this network takes no containers", ForbiddenError],
    [500, "Could not attach to network shop: rpc error: desc = network shop not manually attachable", ForbiddenError],
    [500, "no more addresses", ServerError],
    [400, "container cannot be connected to host network", BadRequestError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client[method]({ id: "shop", container: "web" }).catch((e: unknown) => e);
    expect((error as Error).constructor).toBe(expected);
    expect(error).toMatchObject({ status, operation: method });
    const named = { networkId: "shop", containerId: "web" };
    if ("networkId" in (error as object)) expect(error).toMatchObject(named);
  });

  it.each<[object, unknown]>([
    [{ id: "", container: "web" }, NoSuchNetworkError],
    [{ id: "shop", container: "" }, NoSuchContainerError],
    [{ id: "shop" }, InvalidOptionError],
  ])("rejects %j before anything is sent", async (options, expected) => {
    const { client, lines } = await recordingDaemon();
    const error = await client[method](options as ConnectNetworkOptions).catch((e: unknown) => e);
    expect((error as Error).constructor).toBe(expected);
    expect(error).toMatchObject({ operation: method });
    expect(lines()).toEqual([]);
  });
});
