import { describe, expect, it } from "vitest";
import { NotFoundError } from "../../../lib/errors/api-error.js";
import { NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { Signal } from "../../../lib/types/signal.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

describe.each([
  ["stopContainer", "stop"],
  ["restartContainer", "restart"],
] as const)("Client.%s", (method, path) => {
  it.each([
    [{}, ""],
    [{ timeout: 0 }, "?t=0"],
    [{ timeout: -1 }, "?t=-1"],
    [{ timeout: 5, signal: Signal.SIGINT }, "?signal=SIGINT&t=5"],
    [{ signal: "QUIT" as const }, "?signal=QUIT"],
  ])("sends %j as %s", async (options, query) => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client[method]({ id: "a/b", ...options });
    expect(lines()).toEqual([`POST /v1.51/containers/a%2Fb/${path}${query}`]);
  });

  it("adds its grace period to the client's timeouts", async () => {
    const options = { apiVersion: "1.51", timeouts: { headers: 20 } };
    const { client } = await recordingDaemon({ handle: () => undefined }, options);
    await expect(client[method]({ id: "web", timeout: 1 })).rejects.toMatchObject({ kind: "headers", timeout: 1020 });
  });

  it.each([{}, { timeout: -1 }])("has no time limit with %j", async (time) => {
    const answer: Answer = { handle: (_request, response) => void setTimeout(() => response.writeHead(204).end(), 100) };
    const { client } = await recordingDaemon(answer, { apiVersion: "1.51", timeouts: { headers: 20, total: 20 } });
    await expect(client[method]({ id: "web", ...time })).resolves.not.toThrow();
  });

  it("rejects a signal before API 1.42", async () => {
    const { client, requests } = await recordingDaemon({ status: 204 }, { apiVersion: "1.41" });
    await expect(client[method]({ id: "web", signal: Signal.SIGINT })).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  it("maps 404 to NoSuchContainerError", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "No such container: web" } });
    const error = await client[method]({ id: "web" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchContainerError);
    expect(error).toMatchObject({ status: 404, id: "web", operation: method });
  });
});

describe("Client.stopContainer", () => {
  it.each([
    [204, false],
    [304, true],
  ])("converts %i to alreadyInState %s", async (status, alreadyInState) => {
    const { client } = await recordingDaemon({ status });
    expect(await client.stopContainer({ id: "web" })).toEqual({ alreadyInState });
  });
});

describe("Client.restartContainer", () => {
  it("distinguishes a missing network from a missing container", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "network nonet not found" } });
    const error = await client.restartContainer({ id: "web" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).not.toBeInstanceOf(NoSuchContainerError);
  });
});
