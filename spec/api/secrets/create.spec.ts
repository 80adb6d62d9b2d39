import { describe, expect, it } from "vitest";
import type { CreateSecretOptions } from "../../../lib/api/secrets/create.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { SwarmObjectAlreadyExistsError } from "../../../lib/errors/swarm-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itHidesSecrets, itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.createSecret", () => {
  it.each<[CreateSecretOptions, object]>([
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
    [
      { name: "x", driver: { Name: "vault", Options: { path: "a" } } },
      { Name: "x", Driver: { Name: "vault", Options: { path: "a" } } },
    ],
  ])("sends %j", async (options, body) => {
    const { client, lines, requests } = await recordingDaemon({ status: 201, body: { ID: "sg5v" } });
    expect(await client.createSecret(options)).toEqual({ ID: "sg5v" });
    expect(lines()).toEqual(["POST /v1.51/secrets/create"]);
    expect(JSON.parse(requests[0]?.body.toString() ?? "")).toEqual(body);
  });

  it.each([
    [{ data: "abc" }, "name"],
    [{ name: "x", data: 5 }, "data"],
    [{ name: "x", data: ["abc"] }, "data"],
  ])("rejects %j", async (options, option) => {
    const { client, requests } = await recordingDaemon();
    const refusal = client.createSecret(options as unknown as CreateSecretOptions);
    await expect(refusal).rejects.toThrow(InvalidOptionError);
    await expect(refusal).rejects.toMatchObject({ option });
    expect(requests).toEqual([]);
  });

  it.each<[CreateSecretOptions, string]>([
    [{ name: "x", data: "abc" }, "1.24"],
    [{ name: "x", driver: { Name: "vault" } }, "1.30"],
    [{ name: "x", data: "abc", templating: { Name: "golang" } }, "1.36"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, requests } = await recordingDaemon({}, { apiVersion });
    await expect(client.createSecret(options)).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  itMapsRoleErrors((client) => client.createSecret({ name: "x", data: "abc" }));
  const taken = "rpc error: code = AlreadyExists desc = secret x already exists";
  const invalid = "rpc error: code = InvalidArgument desc = invalid name, only 64 [a-zA-Z0-9-_.] characters allowed";
  itMapsErrors(
    (client) => client.createSecret({ name: "x", data: "abc" }),
    [
      [409, taken, SwarmObjectAlreadyExistsError, { kind: "secret", objectName: "x" }],
      [409, "x: secret name in use", SwarmObjectAlreadyExistsError, { kind: "secret", objectName: "x" }],
      [400, invalid, BadRequestError],
    ],
  );
  itHidesSecrets(["c2VzYW1lLW9wZW4="], (client) => client.createSecret({ name: "x", data: "sesame-open" }));
});
