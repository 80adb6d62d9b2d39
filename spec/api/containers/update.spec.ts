import { describe, expect, it } from "vitest";
import { restartOnFailure } from "../../../lib/api/containers/helpers/restart-policies.js";
import { BadRequestError, ConflictError } from "../../../lib/errors/api-error.js";
import { NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.updateContainer", () => {
  it("sends the changes at the root of the body", async () => {
    const { client, requests, lines } = await recordingDaemon({ body: { Warnings: null } });
    const update = { Memory: 64, CpuShares: 0, PidsLimit: null, RestartPolicy: restartOnFailure(3) };
    expect(await client.updateContainer({ id: "a b", update })).toEqual({ Warnings: [] });
    expect(lines()).toEqual(["POST /v1.51/containers/a%20b/update"]);
    expect(JSON.parse(requests[0]?.body.toString() ?? "")).toEqual(update);
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
  });

  it.each([
    [{ NanoCpus: 1 }, "1.27"],
    [{ PidsLimit: 1 }, "1.39"],
  ])("rejects %j in API %s", async (update, apiVersion) => {
    const { client, requests } = await recordingDaemon({}, { apiVersion });
    await expect(client.updateContainer({ id: "web", update })).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [400, "Minimum memory limit allowed is 6MB", BadRequestError],
    [409, 'container is marked for removal and cannot be "update"', ConflictError],
  ])("maps %i to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.updateContainer({ id: "web", update: {} })).rejects.toThrow(expected);
  });
});
