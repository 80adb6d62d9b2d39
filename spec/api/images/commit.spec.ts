import { describe, expect, it } from "vitest";
import type { CommitContainerOptions } from "../../../lib/api/images/commit.js";
import { BadRequestError, ConflictError } from "../../../lib/errors/api-error.js";
import { NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.commitContainer", () => {
  it.each<[CommitContainerOptions, string]>([
    [{ container: "web" }, "container=web"],
    [{ container: "web", repository: "app", tag: "1" }, "container=web&repo=app&tag=1"],
    [{ container: "web", repository: "registry:5000/app:1" }, "container=web&repo=registry%3A5000%2Fapp&tag=1"],
    [{ container: "web", comment: "a b", author: "Ada <a@b>" }, "author=Ada+%3Ca%40b%3E&comment=a+b&container=web"],
    [{ container: "web", pause: false }, "container=web&pause=0"],
    [{ container: "web", pause: true }, "container=web&pause=1"],
    [{ container: "web", changes: "ENV A=1" }, "changes=ENV+A%3D1&container=web"],
    [{ container: "web", changes: ["ENV A=1", 'CMD ["x"]'] }, "changes=ENV+A%3D1&changes=CMD+%5B%22x%22%5D&container=web"],
  ])("sends %j", async (options, query) => {
    const { client, lines, requests } = await recordingDaemon({ status: 201, body: { Id: "sha256:1" } });
    expect(await client.commitContainer(options)).toEqual({ Id: "sha256:1" });
    expect(lines()).toEqual([`POST /v1.51/commit?${query}`]);
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
    expect(requests[0]?.body.toString()).toBe("{}");
  });

  it("sends the image configuration in the body", async () => {
    const { client, requests } = await recordingDaemon({ status: 201, body: { Id: "sha256:1" } });
    await client.commitContainer({ container: "web", run: { Env: ["A=1"], Labels: { b: "c" } } });
    expect(JSON.parse(requests[0]!.body.toString())).toEqual({ Env: ["A=1"], Labels: { b: "c" } });
  });

  it.each<[CommitContainerOptions["run"], string, string]>([
    [{ StopTimeout: 3 }, "1.24", "StopTimeout"],
    [{ Healthcheck: { StartPeriod: 1 } }, "1.28", "Healthcheck.StartPeriod"],
    [{ Healthcheck: { StartInterval: 1 } }, "1.43", "Healthcheck.StartInterval"],
  ])("rejects %j in API %s", async (run, apiVersion, part) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    const error = await client.commitContainer({ container: "web", run }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(error).toMatchObject({ subject: `${part} in option "run" of commitContainer` });
    expect(lines()).toEqual([]);
  });

  it.each<[CommitContainerOptions, string]>([
    [{ container: "web", repository: `app@sha256:${"12".repeat(32)}` }, "repository"],
    [{ container: "web", repository: "app:1", tag: "2" }, "tag"],
  ])("rejects %j", async (options, option) => {
    const { client, lines } = await recordingDaemon();
    const error = await client.commitContainer(options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, operation: "commitContainer" });
    expect(lines()).toEqual([]);
  });

  it("reports an empty name as a missing container", async () => {
    const { client, lines } = await recordingDaemon();
    const error = await client.commitContainer({ container: "" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchContainerError);
    expect(error).toMatchObject({ status: 404, id: "", operation: "commitContainer" });
    expect(lines()).toEqual([]);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError, { id: "web" }],
    [404, "No such image: sha256:12", NoSuchImageError, { image: "sha256:12" }],
    [400, "invalid reference format", BadRequestError, {}],
    [409, "You cannot commit container web which is being removed", ConflictError, {}],
  ])("maps %i %s to a typed error", async (status, message, expected, more) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.commitContainer({ container: "web" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "commitContainer", ...more });
  });
});
