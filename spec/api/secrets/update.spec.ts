import { describe, expect, it } from "vitest";
import type { UpdateSecretOptions } from "../../../lib/api/secrets/update.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { NoSuchSecretError } from "../../../lib/errors/swarm-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itHidesSecrets, itMapsErrors, itMapsRoleErrors, itUpdates } from "../../support/swarm-refusals.js";

describe("Client.updateSecret", () => {
  itUpdates("/secrets/a%20b", "secret", (client, wanted) => client.updateSecret({ id: "a b", ...wanted } as UpdateSecretOptions));

  it.each<[UpdateSecretOptions, string]>([
    [{ id: "x", version: 1, spec: { Name: "x" } }, "1.25"],
    [{ id: "x", version: 1, spec: { Name: "x", Driver: { Name: "d" } } }, "1.30"],
    [{ id: "x", version: 1, spec: { Name: "x", Templating: { Name: "golang" } } }, "1.36"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, requests } = await recordingDaemon({}, { apiVersion });
    await expect(client.updateSecret(options)).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  const update = { id: "x", version: 11, spec: { Name: "x", Data: "c2VzYW1lLW9wZW4=" } };
  itMapsRoleErrors((client) => client.updateSecret(update));
  itMapsErrors(
    (client) => client.updateSecret(update),
    [
      [404, "secret x not found", NoSuchSecretError, { id: "x" }],
      [400, "rpc error: code = InvalidArgument desc = only updates to Labels are allowed", BadRequestError],
    ],
  );
  itHidesSecrets(["c2VzYW1lLW9wZW4="], (client) => client.updateSecret(update));
});
