import { describe, expect, it } from "vitest";
import type { UpdateConfigOptions } from "../../../lib/api/configs/update.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { NoSuchConfigError } from "../../../lib/errors/swarm-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors, itUpdates } from "../../support/swarm-refusals.js";

describe("Client.updateConfig", () => {
  itUpdates("/configs/a%20b", "config", (client, wanted) => client.updateConfig({ id: "a b", ...wanted } as UpdateConfigOptions));

  it.each<[UpdateConfigOptions, string]>([
    [{ id: "x", version: 1, spec: { Name: "x" } }, "1.29"],
    [{ id: "x", version: 1, spec: { Name: "x", Templating: { Name: "golang" } } }, "1.36"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, requests } = await recordingDaemon({}, { apiVersion });
    await expect(client.updateConfig(options)).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  const update = { id: "x", version: 11, spec: { Name: "x", Data: "c2VzYW1lLW9wZW4=" } };
  itMapsRoleErrors((client) => client.updateConfig(update));
  itMapsErrors(
    (client) => client.updateConfig(update),
    [
      [404, "config x not found", NoSuchConfigError, { id: "x" }],
      [400, "rpc error: code = InvalidArgument desc = only updates to Labels are allowed", BadRequestError],
    ],
  );
});
