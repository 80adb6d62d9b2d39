import { describe, expect, it } from "vitest";
import { BadRequestError, ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const queryOf = (line: string | undefined) => Object.fromEntries(new URL(`http://d${line?.split(" ")[1] ?? ""}`).searchParams);

describe("Client.listContainers", () => {
  it.each([
    [undefined, ""],
    [{}, ""],
    [{ all: true, limit: 3, size: true }, "?all=1&limit=3&size=1"],
    [{ all: false, limit: 0, size: false }, "?all=0&limit=0&size=0"],
  ])("sends %j as %s", async (options, query) => {
    const { client, lines } = await recordingDaemon({ body: [{ Id: "a" }] });
    expect(await client.listContainers(options)).toEqual([{ Id: "a" }]);
    expect(lines()).toEqual([`GET /v1.51/containers/json${query}`]);
  });

  it("sends every filter", async () => {
    const { client, lines } = await recordingDaemon({ body: [] });
    const filters = {
      ancestor: "busybox",
      before: "a",
      exited: [0, 137],
      expose: "80/tcp",
      health: "healthy" as const,
      id: ["4f", "5f"],
      "is-task": false,
      isolation: "default",
      label: ["a=b", "c"],
      name: "^/web$",
      network: "net",
      publish: 8080,
      since: "b",
      status: ["running", "paused"] as const,
      volume: "/data",
    };
    await client.listContainers({ filters });
    expect(JSON.parse(queryOf(lines()[0]).filters ?? "")).toEqual({
      ancestor: ["busybox"],
      before: ["a"],
      exited: ["0", "137"],
      expose: ["80/tcp"],
      health: ["healthy"],
      id: ["4f", "5f"],
      "is-task": ["false"],
      isolation: ["default"],
      label: ["a=b", "c"],
      name: ["^/web$"],
      network: ["net"],
      publish: ["8080"],
      since: ["b"],
      status: ["running", "paused"],
      volume: ["/data"],
    });
  });

  it("does not compile with an unknown filter", async () => {
    const { client } = await recordingDaemon({ body: [] });
    // @ts-expect-error unknown filter
    const listed = client.listContainers({ filters: { colour: "red" } });
    await expect(listed).rejects.toThrow(InvalidOptionError);
  });

  it.each([
    [{ since: "a" }, { all: "1", filters: '{"since":["a"]}' }],
    [
      { since: "a", before: "b", filters: { name: "x" } },
      { all: "1", filters: '{"name":["x"],"since":["a"],"before":["b"]}' },
    ],
    [
      { before: "b", all: false },
      { all: "0", filters: '{"before":["b"]}' },
    ],
    [{ since: "", before: undefined }, {}],
  ])("converts since and before to filters: %j", async (options, query) => {
    const { client, lines } = await recordingDaemon({ body: [] });
    await client.listContainers(options);
    expect(queryOf(lines()[0])).toEqual(query);
  });

  it("rejects a container that is set as an option and as a filter", async () => {
    const { client, requests } = await recordingDaemon({ body: [] });
    await expect(client.listContainers({ since: "a", filters: { since: "b" } })).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  it.each(["expose", "publish"])("rejects the filter %s before API 1.28", async (name) => {
    const { client } = await recordingDaemon({ body: [] }, { apiVersion: "1.27" });
    await expect(client.listContainers({ filters: { [name]: "80" } })).rejects.toThrow(UnsupportedVersionError);
    expect(await client.supports(`listContainers.filters.${name}`)).toBe(false);
  });

  it("treats null as an empty list", async () => {
    const { client } = await recordingDaemon({ body: null, handle: (_, response) => response.end("null") });
    expect(await client.listContainers()).toEqual([]);
  });

  it.each([
    [404, "No such container: ghost", NoSuchContainerError, { id: "ghost" }],
    [500, "no such container ghost", NoSuchContainerError, { id: "ghost" }],
    [500, 'no container with name or ID "ghost" found: no such container', NoSuchContainerError, { id: "ghost" }],
    [500, "out of order", ServerError, { name: "ServerError" }],
    [400, "Invalid filter 'colour'", BadRequestError, { name: "BadRequestError" }],
  ])("maps %i (%s) to its error class", async (status, message, expected, more) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.listContainers({ since: "ghost" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, operation: "listContainers", ...more });
  });
});
