import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ProgramExecutor } from "../../../../../lib/engine/runtime/program/program-executor.js";
import { machineClock, outcome, sandboxSpec } from "../sandboxes.js";
import { boxTree, createRegistry } from "./box.js";

const folder = new URL("corpus/", import.meta.url);

interface Recorded {
  stdout: string;
  stderr: string;
  code: number;
}

/** Returns the scripts of a file by name. */
function scriptsOf(file: string): [string, string][] {
  const parts = readFileSync(new URL(file, folder), "utf8").split(/^## /m).slice(1);
  return parts.map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n") + 1)]);
}

const executor = new ProgramExecutor({ clock: machineClock, registry: createRegistry() });

for (const file of readdirSync(folder).filter((name) => name.endsWith(".txt"))) {
  const recorded = JSON.parse(readFileSync(new URL(file.replace(".txt", ".json"), folder), "utf8")) as Record<string, Recorded>;
  describe(`${file.replace(".txt", "")}: sh does what busybox ash does`, () => {
    it.for(scriptsOf(file))("%s", async ([name, script]) => {
      const { main } = await executor.start(sandboxSpec(["sh", "-c", script], { env: { PATH: "/sbin:/bin" } }, await boxTree()));
      expect(await outcome(main)).toEqual(recorded[name]);
    });
  });
}
