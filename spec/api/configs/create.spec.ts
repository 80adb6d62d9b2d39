import { describe, expect, it } from "vitest";
import type { CreateConfigOptions } from "../../../lib/api/configs/create.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { SwarmObjectAlreadyExistsError } from "../../../lib/errors/swarm-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.createConfig", () => {
  it.each<[CreateConfigOptions, object]>([
    [
      { name: "x", data: "pässword" },
      { Name: "x", Data: "cMOkc3N3b3Jk" },
    ],
    [
      { name: "x", data: "" },
      { Name: "x", Data: "" },
    ],
    [
      { name: "x", data: Uint8Array.of(0, 255, 254) },
      { Name: "x", Data: "AP/+" },
    ],
    [
      { name: "x", data: new Uint8Array(Buffer.from("-abc-")).subarray(1, 4) },
      { Name: "x", Data: "YWJj" },
    ],
    [
      { name: "x", data: Buffer.from("abc"), labels: { a: "b" }, templating: { Name: "golang" } },
      { Name: "x", Data: "YWJj", Labels: { a: "b" }, Templating: { Name: "golang" } },
    ],
  ])("sends %j", async (options, body) => {
    const { client, lines, requests } = await recordingDaemon({ status: 201, body: { ID: "sg5v" } });
    expect(await client.createConfig(options)).toEqual({ ID: "sg5v" });
    expect(lines()).toEqual(["POST /v1.51/configs/create"]);
    expect(JSON.parse(requests[0]?.body.toString() ?? "")).toEqual(body);
  });

  it.each([
    [{ data: "abc" }, "name"],
    [{ name: "x" }, "data"],
    [{ name: "x", data: 5 }, "data"],
    [{ name: "x", data: ["abc"] }, "data"],
  ])("rejects %j", async (options, option) => {
    const { client, requests } = await recordingDaemon();
    const refusal = client.createConfig(options as unknown as CreateConfigOptions);
    await expect(refusal).rejects.toThrow(InvalidOptionError);
    await expect(refusal).rejects.toMatchObject({ option });
    expect(requests).toEqual([]);
  });

  it.each<[CreateConfigOptions, string]>([
    [{ name: "x", data: "abc" }, "1.29"],
    [{ name: "x", data: "abc", templating: { Name: "golang" } }, "1.36"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, requests } = await recordingDaemon({}, { apiVersion });
    await expect(client.createConfig(options)).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  itMapsRoleErrors((client) => client.createConfig({ name: "x", data: "abc" }));
  const taken = "rpc error: code = AlreadyExists desc = config x already exists";
  const invalid = "rpc error: code = InvalidArgument desc = invalid name, only 64 [a-zA-Z0-9-_.] characters allowed";
  itMapsErrors(
    (client) => client.createConfig({ name: "x", data: "abc" }),
    [
      [409, taken, SwarmObjectAlreadyExistsError, { kind: "config", objectName: "x" }],
      [400, invalid, BadRequestError],
    ],
  );
});
