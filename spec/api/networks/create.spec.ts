import { describe, expect, it } from "vitest";
import type { CreateNetworkOptions } from "../../../lib/api/networks/create.js";
import { BadRequestError, ForbiddenError, NotFoundError, ServerError, UnavailableError } from "../../../lib/errors/api-error.js";
import { NetworkAlreadyExistsError, NoSuchNetworkError } from "../../../lib/errors/network-errors.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { NetworkScope } from "../../../lib/types/network.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const created = { status: 201, body: { Id: "4f", Warning: "" } };

describe("Client.createNetwork", () => {
  it("sends every option", async () => {
    const { client, requests } = await recordingDaemon(created);
    const ipam = {
      Driver: "default",
      Config: [
        {
          Subnet: "172.30.0.0/16",
          IPRange: "172.30.1.0/24",
          Gateway: "172.30.0.1",
          AuxiliaryAddresses: { router: "172.30.0.2" },
        },
      ],
      Options: { a: "b" },
    };
    const result = await client.createNetwork({
      name: "shop",
      driver: "overlay",
      scope: NetworkScope.Swarm,
      internal: true,
      attachable: true,
      ingress: false,
      configOnly: false,
      configFrom: { Network: "settings" },
      ipam,
      enableIPv4: true,
      enableIPv6: false,
      options: { encrypted: "" },
      labels: { app: "shop" },
    });
    expect(result).toEqual({ Id: "4f", Warning: "" });
    expect(requests.map(({ line }) => line)).toEqual(["POST /v1.51/networks/create"]);
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(String(requests[0]?.body))).toEqual({
      Name: "shop",
      Driver: "overlay",
      Scope: "swarm",
      Internal: true,
      Attachable: true,
      Ingress: false,
      ConfigOnly: false,
      ConfigFrom: { Network: "settings" },
      IPAM: ipam,
      EnableIPv4: true,
      EnableIPv6: false,
      Options: { encrypted: "" },
      Labels: { app: "shop" },
    });
  });

  it.each<[string, boolean | undefined, object]>([
    ["1.24", undefined, { Name: "a", CheckDuplicate: true }],
    ["1.43", undefined, { Name: "a", CheckDuplicate: true }],
    ["1.43", false, { Name: "a", CheckDuplicate: false }],
    ["1.43", true, { Name: "a", CheckDuplicate: true }],
    ["1.44", undefined, { Name: "a" }],
    ["1.45", true, { Name: "a", CheckDuplicate: true }],
    ["1.55", undefined, { Name: "a" }],
  ])("lets engines of API %s check for duplicates: %s", async (apiVersion, checkDuplicate, body) => {
    const { client, requests } = await recordingDaemon(created, { apiVersion });
    await client.createNetwork({ name: "a", checkDuplicate });
    expect(JSON.parse(String(requests[0]?.body))).toEqual(body);
  });

  it.each<[Partial<CreateNetworkOptions>, string]>([
    [{ checkDuplicate: false }, "1.46"],
    [{ attachable: true }, "1.26"],
    [{ ingress: true }, "1.28"],
    [{ scope: "swarm" }, "1.29"],
    [{ configOnly: true }, "1.29"],
    [{ configFrom: { Network: "a" } }, "1.29"],
    [{ enableIPv4: false }, "1.46"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, lines } = await recordingDaemon(created, { apiVersion });
    await expect(client.createNetwork({ name: "a", ...options })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each<[unknown]>([[{}], [{ name: "" }]])("rejects %j, which has no name", async (options) => {
    const { client, lines } = await recordingDaemon(created);
    const error = await client.createNetwork(options as CreateNetworkOptions).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: "name", operation: "createNetwork" });
    expect(lines()).toEqual([]);
  });

  it.each([
    [409, "network with name shop already exists", NetworkAlreadyExistsError],
    [500, "network name shop already used: network already exists", NetworkAlreadyExistsError],
    [404, 'configuration network "settings" does not exist', NoSuchNetworkError],
    [404, 'plugin "weave" not found', NotFoundError],
    [403, "Pool overlaps with other one on this address space", ForbiddenError],
    [403, 'This node is not a swarm manager. Use "docker swarm init" to connect this node', NodeNotInSwarmError],
    [500, 'This node is not a swarm manager. Use "docker swarm init" to connect this node', NodeNotInSwarmError],
    [503, "the swarm is busy", UnavailableError],
    [500, "failed to create the bridge", ServerError],
    [400, "invalid network config", BadRequestError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.createNetwork({ name: "shop", configFrom: { Network: "settings" } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect((error as Error).constructor).toBe(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "createNetwork" });
  });

  it("names the existing or missing network in the error", async () => {
    const taken = await recordingDaemon({ status: 409, body: { message: "network with name shop already exists" } });
    await expect(taken.client.createNetwork({ name: "shop" })).rejects.toMatchObject({ networkName: "shop" });
    const missing = await recordingDaemon({ status: 404, body: { message: 'configuration network "x" does not exist' } });
    const call = missing.client.createNetwork({ name: "shop", configFrom: { Network: "x" } });
    await expect(call).rejects.toMatchObject({
      id: "x",
      message: 'no such network: x (configuration network "x" does not exist)',
    });
  });
});
