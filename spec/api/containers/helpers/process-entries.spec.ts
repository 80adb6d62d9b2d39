import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { processEntries } from "../../../../lib/api/containers/helpers/process-entries.js";

const none = { pid: undefined, ppid: undefined, user: undefined, command: undefined, cgroup: undefined, fields: {} };

describe("processEntries", () => {
  it.each([
    [
      "Linux",
      ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"],
      ["root", "20405", "20384", "4", "04:21", "?", "00:00:00", "sh -c sleep 1000; echo"],
      {
        user: "root",
        pid: 20405,
        ppid: 20384,
        command: "sh -c sleep 1000; echo",
        fields: { C: "4", STIME: "04:21", TTY: "?", TIME: "00:00:00" },
      },
    ],
    [
      "a minimal ps without parent IDs",
      ["PID", "USER", "TIME", "COMMAND"],
      ["1", "root", "0:00", "sleep 1"],
      { pid: 1, user: "root", command: "sleep 1", fields: { TIME: "0:00" } },
    ],
    [
      "aux",
      ["USER", "PID", "%CPU", "%MEM", "VSZ", "RSS", "TTY", "STAT", "START", "TIME", "COMMAND"],
      ["root", "7", "3.3", "0.0", "2268", "1376", "?", "Ds", "04:21", "0:00", "sleep 1000"],
      {
        user: "root",
        pid: 7,
        command: "sleep 1000",
        fields: { "%CPU": "3.3", "%MEM": "0.0", VSZ: "2268", RSS: "1376", TTY: "?", STAT: "Ds", START: "04:21", TIME: "0:00" },
      },
    ],
    [
      "custom columns",
      ["PID", "PPID", "USER", "CGROUP", "COMMAND"],
      ["7", "1", "1000", "0::/docker/4fa", "a b"],
      { pid: 7, ppid: 1, user: "1000", cgroup: "0::/docker/4fa", command: "a b" },
    ],
    ["Windows", ["Name", "PID", "CPU"], ["cmd.exe", "7", "00:00:00"], { pid: 7, fields: { Name: "cmd.exe", CPU: "00:00:00" } }],
    ["a short row", ["PID", "PPID", "CMD"], ["7"], { pid: 7 }],
    ["a long row", ["PID"], ["7", "more"], { pid: 7, fields: { "column 2": "more" } }],
    ["invalid numbers", ["PID", "PPID"], ["-", ""], { fields: { PID: "-", PPID: "" } }],
    ["a repeated title", ["USER", "UID"], ["root", "0"], { user: "root", fields: { UID: "0" } }],
    ["titles in another case", ["Pid", "toString"], ["7", "x"], { pid: 7, fields: { toString: "x" } }],
  ])("parses the output of ps: %s", (_what, Titles, row, entry) => {
    expect(processEntries({ Titles, Processes: [row] })).toEqual([{ ...none, ...entry }]);
  });

  it("splits lines that the engine has not split", () => {
    const Titles = ["PID   USER     COMMAND"];
    const Processes = [["    1 root     sleep  611"], ["    7 root     ps"], [" 8"], []];
    const entries = processEntries({ Titles, Processes });
    expect(entries).toMatchObject([
      { pid: 1, user: "root", command: "sleep 611" },
      { pid: 7, user: "root", command: "ps" },
      { pid: 8, user: undefined },
      { pid: undefined },
    ]);
  });

  it("returns one entry per row and loses no value", () => {
    const titles = fc.uniqueArray(fc.constantFrom("PID", "PPID", "UID", "CMD", "CGROUP", "TTY", "C"), {
      minLength: 7,
      maxLength: 7,
    });
    const cell = fc.oneof(fc.string(), fc.nat().map(String));
    fc.assert(
      fc.property(titles, fc.array(fc.array(cell, { maxLength: 7 })), (Titles, Processes) => {
        const entries = processEntries({ Titles, Processes });
        expect(entries).toHaveLength(Processes.length);
        for (const [index, { fields, ...members }] of entries.entries()) {
          const told = [...Object.values(members).filter((value) => value !== undefined), ...Object.values(fields)];
          expect(told).toHaveLength(Processes[index]!.length);
        }
      }),
    );
  });
});
