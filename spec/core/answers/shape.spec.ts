import { describe, expect, it } from "vitest";
import { answers, readNulls } from "../../../lib/core/answers/index.js";
import { list, map, nullReader } from "../../../lib/core/answers/shape.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("nullReader", () => {
  it.each([
    [list, null, []],
    [list, ["a", null], ["a", null]],
    [map, null, {}],
    [[map], [null, { a: "b" }], [{}, { a: "b" }]],
    [{ "*": list }, { a: null, b: ["c"] }, { a: [], b: ["c"] }],
    [
      { A: list, B: map, C: { D: list } },
      { A: null, B: null, C: { D: null, E: null }, F: null },
      { A: [], B: {}, C: { D: [], E: null }, F: null },
    ],
    [{ A: list, B: { C: list } }, { B: null }, { B: null }],
    [
      { A: "as sent", B: { "?": [map] } },
      { A: null, B: null },
      { A: null, B: null },
    ],
    [{ B: { "?": [map] } }, { B: [null] }, { B: [{}] }],
    [{ A: list }, null, null],
    [{ A: list }, "text", "text"],
    [[map], "text", "text"],
  ] as const)("applies the shape %j to %j and returns %j", (shape, value, expected) => {
    expect(nullReader(shape)(structuredClone(value))).toEqual(expected);
  });
});

describe("readNulls", () => {
  it.each(Object.keys(answers).filter((method) => method.startsWith("list")))(
    "accepts null in place of a list for %s",
    (method) => {
      expect(readNulls(method, null)).toEqual(method === "listVolumes" ? null : []);
    },
  );

  it("keeps null where it means something other than empty", () => {
    const answer = {
      Config: { Entrypoint: null, Cmd: null },
      HostConfig: { MaskedPaths: null, ReadonlyPaths: null, ConsoleSize: null, PidsLimit: null, Binds: null },
      NetworkSettings: { Ports: { "80/tcp": null } },
    };
    expect(readNulls("inspectContainer", structuredClone(answer))).toEqual({
      Config: { Entrypoint: null, Cmd: [] },
      HostConfig: { MaskedPaths: null, ReadonlyPaths: null, ConsoleSize: null, PidsLimit: null, Binds: [] },
      NetworkSettings: { Ports: { "80/tcp": null } },
    });
    expect(readNulls("diskUsage", { Images: null, Volumes: [{ Labels: null }] })).toEqual({
      Images: null,
      Volumes: [{ Labels: {} }],
    });
  });

  it("converts null in the samples of a stream", async () => {
    const { client } = await recordingDaemon({ body: { blkio_stats: { io_merged_recursive: null } } });
    expect(await client.stats({ id: "a", stream: false })).toEqual({ blkio_stats: { io_merged_recursive: [] } });
  });

  it("returns the answer of a method without lists unchanged", () => {
    expect(readNulls("createExec", { Id: "a" })).toEqual({ Id: "a" });
  });
});
