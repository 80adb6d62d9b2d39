import { describe, expect, it } from "vitest";
import { ServerError } from "../../../lib/errors/api-error.js";
import { ContainerNotRunningError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const answer = { body: { Titles: ["PID", "CMD"], Processes: [["7", "sleep 1"]] } };

describe("Client.topContainer", () => {
  it.each([
    [{}, ""],
    [{ psArgs: "aux" }, "?ps_args=aux"],
    [{ psArgs: "" }, "?ps_args="],
    [{ columns: ["pid", "args"] }, "?ps_args=-o+pid%2Cargs"],
    [{ columns: ["pid", "cgroup", "%cpu", "user:32", "args"] }, "?ps_args=-o+pid%2Ccgroup%3A4096%2C%25cpu%2Cuser%3A32%2Cargs"],
  ])("sends %j as %s", async (options, query) => {
    const { client, lines } = await recordingDaemon(answer);
    await client.topContainer({ id: "a b", ...options });
    expect(lines()).toEqual([`GET /v1.51/containers/a%20b/top${query}`]);
  });

  it("returns the rows and the parsed entries", async () => {
    const { client } = await recordingDaemon(answer);
    const { titles, processes, entries } = await client.topContainer({ id: "web" });
    expect(titles).toEqual(["PID", "CMD"]);
    expect(processes).toEqual([["7", "sleep 1"]]);
    expect(entries).toMatchObject([{ pid: 7, command: "sleep 1", ppid: undefined, fields: {} }]);
  });

  it.each([
    [{ columns: ["args"] }, /must include "pid"/],
    [{ columns: [] }, /must include "pid"/],
    [{ columns: ["pid"], psArgs: "aux" }, /conflicts with "psArgs"/],
    [{ columns: ["pid", "args; rm"] }, /invalid column name: "args; rm"/],
    [{ columns: ["pid", ""] }, /invalid column name: ""/],
  ])("rejects %j", async (options, message) => {
    const { client, requests } = await recordingDaemon(answer);
    const error = await client.topContainer({ id: "web", ...options }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect((error as Error).message).toMatch(message);
    expect(requests).toEqual([]);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [409, "Container 345634c8 is not running", ContainerNotRunningError],
    [500, "top can only be used on running containers", ContainerNotRunningError],
    [500, "Couldn't find PID field in ps output", ServerError],
  ])("maps %i to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.topContainer({ id: "web" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "topContainer" });
  });
});

describe("Client.containerTop", () => {
  it("is an alias of topContainer", async () => {
    const { client, lines } = await recordingDaemon({ body: { Titles: ["PID", "CMD"], Processes: [["1", "sh"]] } });
    expect((await client.containerTop({ id: "web", psArgs: "-ef" })).entries).toMatchObject([{ pid: 1, command: "sh" }]);
    expect(lines()).toEqual(["GET /v1.51/containers/web/top?ps_args=-ef"]);
  });
});
