import { describe, expect, it } from "vitest";
import { BadRequestError, ServerError } from "../../../lib/errors/api-error.js";
import { ContainerNotRunningError, ContainerPausedError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { type RecordedRequest, recordingDaemon } from "../../support/recording-daemon.js";

const created = { status: 201, body: { Id: "e1" } };
const bodyOf = (request: RecordedRequest | undefined): unknown => JSON.parse(request?.body.toString() ?? "");

describe("Client.createExec", () => {
  it("sends every option in the body", async () => {
    const { client, requests, lines } = await recordingDaemon(created);
    const answer = await client.createExec({
      container: "we b",
      cmd: ["sh", "-c", ""],
      env: ["A=1", "B="],
      user: "1000:1000",
      workingDir: "/srv",
      tty: true,
      consoleSize: [24, 80],
      privileged: true,
      attachStdin: true,
      attachStdout: false,
      attachStderr: false,
      detachKeys: "ctrl-x",
    });
    expect(answer).toEqual({ Id: "e1" });
    expect(lines()).toEqual(["POST /v1.51/containers/we%20b/exec"]);
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
    expect(bodyOf(requests[0])).toEqual({
      Cmd: ["sh", "-c", ""],
      Env: ["A=1", "B="],
      User: "1000:1000",
      WorkingDir: "/srv",
      Tty: true,
      ConsoleSize: [24, 80],
      Privileged: true,
      AttachStdin: true,
      AttachStdout: false,
      AttachStderr: false,
      DetachKeys: "ctrl-x",
    });
  });

  it("attaches stdout and stderr by default", async () => {
    const { client, requests } = await recordingDaemon(created);
    await client.createExec({ container: "web", cmd: ["ls"], attachStdout: undefined });
    expect(bodyOf(requests[0])).toEqual({ Cmd: ["ls"], AttachStdout: true, AttachStderr: true });
  });

  it.each([
    ["1.24", { env: ["A=1"] }, "1.25"],
    ["1.34", { workingDir: "/" }, "1.35"],
    ["1.41", { consoleSize: [1, 2] as const }, "1.42"],
  ])("rejects newer options in API %s", async (apiVersion, options, since) => {
    const { client, requests } = await recordingDaemon(created, { apiVersion });
    const failing = client.createExec({ container: "web", cmd: ["ls"], ...options });
    await expect(failing).rejects.toThrow(UnsupportedVersionError);
    await expect(failing).rejects.toMatchObject({ version: apiVersion, since });
    expect(requests).toEqual([]);
  });

  it.each([
    ["cmd", { cmd: "ls -l" as unknown as string[] }],
    ["env", { env: [1] as unknown as string[] }],
  ])("rejects a %s that is not a list of strings", async (option, options) => {
    const { client, requests } = await recordingDaemon(created);
    const failing = client.createExec({ container: "web", cmd: ["ls"], ...options });
    await expect(failing).rejects.toMatchObject({ name: "InvalidOptionError", option });
    await expect(failing).rejects.toThrow("must be a list of strings");
    expect(requests).toEqual([]);
  });

  it("rejects an empty container ID", async () => {
    const { client, requests } = await recordingDaemon(created);
    await expect(client.createExec({ container: "", cmd: ["ls"] })).rejects.toThrow(NoSuchContainerError);
    await expect(client.createExec({ cmd: ["ls"] } as never)).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  it.each([
    [400, "No exec command specified", BadRequestError, {}],
    [404, "No such container: web", NoSuchContainerError, { id: "web" }],
    [409, "Container web is paused, unpause the container before exec", ContainerPausedError, { id: "web" }],
    [409, "Container 1c8617 is not running", ContainerNotRunningError, { id: "web" }],
    [409, "can only create exec sessions on running containers: container state improper", ContainerNotRunningError, {}],
    [500, "can only create exec sessions on running containers: container state improper", ContainerNotRunningError, {}],
    [500, "something broke", ServerError, {}],
  ])("maps %i (%s) to its error class", async (status, message, expected, facts) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const failing = client.createExec({ container: "web", cmd: ["ls"] });
    await expect(failing).rejects.toThrow(expected);
    await expect(failing).rejects.toMatchObject({ status, reason: message, operation: "createExec", ...facts });
  });
});
