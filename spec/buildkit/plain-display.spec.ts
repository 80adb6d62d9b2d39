import { expect, test } from "vitest";
import { PlainDisplay } from "../../lib/buildkit/plain-display.js";
import type { BuildTrace, BuildVertex } from "../../lib/types/build-trace.js";

const at = (milliseconds: number): Date => new Date(1_700_000_000_000 + milliseconds);

const vertex = (digest: string, more: Partial<BuildVertex> = {}): BuildVertex => ({
  digest,
  inputs: [],
  name: `step ${digest}`,
  cached: false,
  started: undefined,
  completed: undefined,
  error: "",
  ...more,
});

const trace = (more: Partial<BuildTrace>): BuildTrace => ({ vertexes: [], statuses: [], logs: [], warnings: [], ...more });

const log = (digest: string, text: string, time: number, stream = 1) => ({
  vertex: digest,
  stream,
  timestamp: at(time),
  data: Buffer.from(text, "latin1"),
});

test("steps are numbered in the order in which they appear, and end with their time", () => {
  const display = new PlainDisplay();
  let text = display.render(trace({ vertexes: [vertex("b"), vertex("a")] }));
  expect(text).toBe("");
  text += display.render(trace({ vertexes: [vertex("a", { started: at(0) })] }));
  text += display.render(trace({ vertexes: [vertex("a", { started: at(0), completed: at(1_240) })] }));
  text += display.render(trace({ vertexes: [vertex("b", { started: at(0), completed: at(1), cached: true })] }));
  expect(text).toBe("#2 step a\n#2 DONE 1.2s\n\n#1 step b\n#1 CACHED\n");
});

test("output is printed by lines with the time since the start, wherever it is split", () => {
  const display = new PlainDisplay();
  let text = display.render(trace({ vertexes: [vertex("a", { started: at(0) })] }));
  const bytes = Buffer.from("grün\r\nnext").toString("latin1");
  for (const char of bytes) text += display.render(trace({ logs: [log("a", char, 141)] }));
  text += display.render(trace({ logs: [log("a", " line\n", 12_345), log("a", "rest", 150_000)] }));
  text += display.render(trace({ vertexes: [vertex("a", { started: at(0), completed: at(151_000), error: "exit code: 1" })] }));
  expect(text).toBe(
    ["#1 step a", "#1 0.141 grün", "#1 12.35 next line", "#1 151.0 rest", "#1 ERROR: exit code: 1", ""].join("\n"),
  );
  expect(display.summary("a")).toBe("------\n > step a:\n0.141 grün\n12.35 next line\n151.0 rest\n------\n");
});

test("a running step keeps the floor, and one that ends takes it", () => {
  const display = new PlainDisplay();
  let text = display.render(trace({ vertexes: [vertex("a", { started: at(0) }), vertex("b", { started: at(0) })] }));
  text += display.render(trace({ logs: [log("b", "from b\n", 10)] }));
  text += display.render(trace({ logs: [log("a", "from a\n", 10)] }));
  text += display.render(trace({ vertexes: [vertex("a", { started: at(0), completed: at(100) })] }));
  text += display.render(trace({ vertexes: [vertex("b", { started: at(0), completed: at(200), error: "context canceled" })] }));
  const first = text.startsWith("#1") ? "1" : "2";
  expect(first).toBe("2");
  expect(text.split("\n")).toEqual([
    "#2 step b",
    "#2 0.010 from b",
    "#2 ...",
    "",
    "#1 step a",
    "#1 0.010 from a",
    "#1 DONE 0.1s",
    "",
    "#2 step b",
    "#2 CANCELED",
    "",
  ]);
});

test("amounts are printed again only after they have advanced", () => {
  const display = new PlainDisplay();
  display.render(trace({ vertexes: [vertex("a", { started: at(0) })] }));
  const status = (current: number, completed?: Date) =>
    display.render(
      trace({ statuses: [{ id: "layer", vertex: "a", name: "", current, total: 3_400_000, started: at(0), completed }] }),
    );
  expect(status(1_200_000)).toBe("#1 layer 1.20MB / 3.40MB\n");
  expect(status(1_210_000)).toBe("");
  expect(status(2_200_000)).toBe("#1 layer 2.20MB / 3.40MB\n");
  expect(status(3_400_000, at(512))).toBe("#1 layer 3.40MB / 3.40MB 0.5s done\n");
  expect(status(3_400_000, at(512))).toBe("");
});
