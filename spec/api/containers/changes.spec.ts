import { describe, expect, it } from "vitest";
import { changeText } from "../../../lib/api/containers/changes.js";
import { NotImplementedError, ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { ChangeType } from "../../../lib/types/container-results.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.containerChanges", () => {
  it("returns the changes", async () => {
    const changes = [
      { Path: "/tmp", Kind: ChangeType.Modify },
      { Path: "/tmp/x", Kind: ChangeType.Add },
    ];
    const { client, lines } = await recordingDaemon({ body: changes });
    expect(await client.containerChanges({ id: "a b" })).toEqual(changes);
    expect(lines()).toEqual(["GET /v1.51/containers/a%20b/changes"]);
  });

  it("treats null as an empty list", async () => {
    const { client } = await recordingDaemon({ body: "null" });
    expect(await client.containerChanges({ id: "web" })).toEqual([]);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [500, 'web not found: no container with name or ID "web" found: no such container', NoSuchContainerError],
    [500, "web not found: layer not known", NoSuchContainerError],
    [500, "out of order", ServerError],
    [404, "Not Found", NotImplementedError],
    [404, "page not found", NotImplementedError],
  ])("maps %i (%s) to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.containerChanges({ id: "web" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ name: expected.name, status });
  });
});

describe("changeText", () => {
  it.each([
    [ChangeType.Modify, "C /a"],
    [ChangeType.Add, "A /a"],
    [ChangeType.Delete, "D /a"],
    [7, " /a"],
  ])("formats kind %i as %j", (kind, text) => {
    expect(changeText({ Path: "/a", Kind: kind as ChangeType })).toBe(text);
  });
});

describe("Client.containerDiff", () => {
  it("is an alias of containerChanges", async () => {
    const { client, lines } = await recordingDaemon({ body: [{ Path: "/a", Kind: 1 }] });
    expect(await client.containerDiff({ id: "web" })).toEqual([{ Path: "/a", Kind: 1 }]);
    expect(lines()).toEqual(["GET /v1.51/containers/web/changes"]);
  });
});
