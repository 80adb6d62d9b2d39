import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { drawProgress, ProgressDisplay } from "../../lib/streams/progress-display.js";
import type { ProgressMessage } from "../../lib/types/progress.js";
import { Screen } from "../support/screen.js";

const layer = (number: number) => String(number).padStart(12, "a");

const pull: ProgressMessage[] = [
  { status: "Pulling from library/app", id: "1" },
  ...[1, 2, 3].map((n) => ({ status: "Pulling fs layer", progressDetail: {}, id: layer(n) })),
  { status: "Waiting", progressDetail: {}, id: layer(3) },
  { status: "Downloading", progressDetail: { current: 1234, total: 4567890 }, progress: "[>    ]", id: layer(1) },
  { status: "Downloading", progressDetail: { current: 999950 }, id: layer(2) },
  { status: "Downloading", progressDetail: { current: 2283945, total: 4567890 }, id: layer(1) },
  { status: "Downloading", progressDetail: { current: 5000, total: 4000 }, id: layer(3) },
  { status: "Verifying Checksum", progressDetail: {}, id: layer(1) },
  { status: "Downloading", progressDetail: { current: 2283945, total: 4567890 }, id: layer(1) },
];
const finish: ProgressMessage[] = [
  { status: "Extracting", progressDetail: { current: 3, total: 8, units: "files" }, id: layer(2) },
  { status: "Pull complete", progressDetail: {}, id: layer(1) },
  { status: "Digest: sha256:0123" },
  { status: "Status: Downloaded newer image for app:1" },
];

function drawn(messages: readonly ProgressMessage[], columns = 120, rows = 40): Screen {
  const screen = new Screen(columns, rows);
  const display = new ProgressDisplay(screen);
  for (const message of messages) screen.write(display.render(message));
  return screen;
}

const plain = (messages: readonly ProgressMessage[]) => {
  const display = new ProgressDisplay(new PassThrough());
  return messages.map((message) => display.render(message)).join("");
};

describe("ProgressDisplay on a terminal", () => {
  // the docker command 20.10 leaves this on a terminal of the same width for the same messages
  it("draws like the docker command, with bars if they fit", () => {
    expect(drawn(pull).lines).toEqual([
      "1: Pulling from library/app",
      "aaaaaaaaaaa1: Downloading [=========================>                         ]  2.284MB/4.568MB",
      "aaaaaaaaaaa2: Downloading   1000kB",
      "aaaaaaaaaaa3: Downloading [==================================================>]      5kB",
      "",
    ]);
    expect(drawn([...pull, ...finish]).lines).toEqual([
      "1: Pulling from library/app",
      "aaaaaaaaaaa1: Pull complete",
      "aaaaaaaaaaa2: Extracting [==================>                                ] 3/8 files",
      "aaaaaaaaaaa3: Downloading [==================================================>]      5kB",
      "Digest: sha256:0123",
      "Status: Downloaded newer image for app:1",
      "",
    ]);
  });

  it.each([110, 60])("omits the bars in %i columns", (columns) => {
    expect(drawn(pull, columns).lines.slice(1, 4)).toEqual([
      "aaaaaaaaaaa1: Downloading  2.284MB/4.568MB",
      "aaaaaaaaaaa2: Downloading   1000kB",
      "aaaaaaaaaaa3: Downloading      5kB",
    ]);
  });

  it("draws bars in 111 columns", () => {
    expect(drawn(pull, 111).lines[1]).toMatch(/^aaaaaaaaaaa1: Downloading \[=+> +\] {2}2\.284MB\/4\.568MB$/);
  });

  it("draws no line wider than the terminal", () => {
    for (let columns = 2; columns <= 130; columns += 1) {
      const screen = drawn(pull.slice(1), columns);
      expect(screen.wraps).toBe(0);
      expect(screen.lines).toHaveLength(4);
    }
    expect(drawn(pull, 30).lines[1]).toBe("aaaaaaaaaaa1: Downloading  2.");
  });

  it("does not redraw lines that have scrolled off the terminal", () => {
    const layers = Array.from({ length: 20 }, (_, n) => ({ status: "Waiting", progressDetail: {}, id: layer(n) }));
    const some = [0, 5, 11, 19].map((n) => ({ status: "Pull complete", progressDetail: {}, id: layer(n) }));
    const { lines } = drawn([...layers, ...some], 120, 10);
    expect(lines.flatMap((line, n) => (line.endsWith("complete") ? [n] : []))).toEqual([11, 19]);
    expect(lines.slice(0, 20).map((line) => line.slice(0, 12))).toEqual(layers.map(({ id }) => id));
    expect(drawn([...layers, ...some], 120, 21).lines.filter((line) => line.endsWith("complete"))).toHaveLength(4);
  });

  it("begins a new drawing after text, so that no earlier line is drawn over", () => {
    const step = (status: string) => ({ status, progressDetail: {}, id: "a" });
    expect(
      drawn([step("one"), { status: "between" }, step("two"), { stream: "text\n" }, step("three"), step("four")]).lines,
    ).toEqual(["a: one", "between", "a: two", "text", "a: four", ""]);
  });

  it("shows each step of a known layer on its line, even without a size", () => {
    expect(
      drawn([
        { status: "Pushing", progressDetail: {}, id: "a" },
        { status: "Pushed", id: "a" },
        { status: "x", id: "b" },
      ]).lines,
    ).toEqual(["a: Pushed", "b: x", ""]);
  });

  it("assumes a wide terminal when its size is unknown", () => {
    const display = new ProgressDisplay(Object.assign(new PassThrough(), { isTTY: true }));
    const text = display.render({ status: "Downloading", progressDetail: { current: 1, total: 2 }, id: "x".repeat(300) });
    expect(text).toBe(`${"x".repeat(199)}\n`);
    expect(display.render({ status: "Waiting", progressDetail: {}, id: "x".repeat(300) })).toContain("\u001b[1A");
  });
});

describe("ProgressDisplay without a terminal", () => {
  it("prints every step once, without bars", () => {
    expect(plain([...pull, ...finish])).toBe(
      [
        "1: Pulling from library/app",
        ...[1, 2, 3].map((n) => `${layer(n)}: Pulling fs layer`),
        `${layer(3)}: Waiting`,
        `${layer(1)}: Verifying Checksum`,
        `${layer(1)}: Pull complete`,
        "Digest: sha256:0123",
        "Status: Downloaded newer image for app:1",
        "",
      ].join("\n"),
    );
  });

  it("passes on the output of a build unchanged", () => {
    expect(plain([{ stream: "Step 1/2" }, { stream: " : FROM x\n" }, { stream: "\u001b[91mred\u001b[0m" }])).toBe(
      "Step 1/2 : FROM x\n\u001b[91mred\u001b[0m",
    );
  });

  it("omits failures and machine-readable messages", () => {
    const silent: ProgressMessage[] = [
      { error: "x", status: "y" },
      { errorDetail: { message: "x" } },
      { aux: { ID: "sha256:1" } },
      { id: "moby.buildkit.trace", aux: "AAAA" },
      {},
    ];
    expect(plain(silent)).toBe("");
    expect(drawn(silent).lines).toEqual([""]);
  });
});

describe("drawProgress", () => {
  it.each([
    [{}, ""],
    [{ current: 0, total: 0 }, ""],
    [{ current: 512 }, "    512B"],
    [{ current: 1000 }, "     1kB"],
    [{ current: 123456 }, " 123.5kB"],
    [{ current: 999_999 }, "  1000kB"],
    [{ current: 1.5e12 }, "   1.5TB"],
    [{ current: 3e15 }, "     3PB"],
    [{ current: 3e18 }, "  3000PB"],
    [{ current: 7, units: "s" }, "7 s"],
    [{ current: 3, total: 4, units: "s" }, "3/4 s"],
    [{ current: 5, total: 4, units: "s" }, "5 s"],
    [{ current: 0, total: 1000 }, "      0B/1kB"],
    [{ current: 0, total: 1 }, "      0B/1B"],
    [{ current: 1, total: 2, hidecounts: true }, ""],
  ])("writes %j", (detail, expected) => {
    expect(drawProgress(detail, 80)).toBe(expected);
  });

  it.each([
    [0, 0],
    [19, 0],
    [20, 1],
    [500, 25],
    [519, 25],
    [520, 26],
    [999, 49],
    [1000, 50],
    [5000, 50],
  ])("draws %i of 1000 as a bar of length %i", (current, length) => {
    const bar = `[${"=".repeat(length)}>${" ".repeat(50 - length)}] `;
    expect(drawProgress({ current, total: 1000, hidecounts: true }, 111)).toBe(bar);
  });

  it("draws a bar of constant width", () => {
    for (const current of [0, 1, 333, 999, 1000, 5000]) {
      const text = drawProgress({ current, total: 1000, hidecounts: true }, 200);
      expect(text).toMatch(/^\[=*> *\] $/);
      expect(text).toHaveLength(54);
    }
  });
});
