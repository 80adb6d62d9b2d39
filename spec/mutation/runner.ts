// Runs specs against one mutant after the other. The mutant replaces its file when vitest loads it, so files on disk are not
// changed. This is a separate process, because a mutant may hang: run.ts then kills it.

import { fileURLToPath } from "node:url";
import { createVitest, type TestModule } from "vitest/node";

/** A run: the file's text if it is mutated, and the spec files or folders to run until one fails, in this order. */
export interface Job {
  file?: string;
  text?: string;
  stages: string[][];
}

/** The specs that failed first. Empty if the mutant survives. */
export interface Outcome {
  failed: string[];
}

/** The modules that have failed in the current run. The results of vitest also contain those of earlier runs. */
let failed: string[] = [];

function note(module: TestModule): void {
  if (module.state() !== "failed") return;
  failed.push([module.relativeModuleId, ...[...module.children.allTests("failed")].map(({ fullName }) => fullName)].join(" > "));
}

let job: Job | undefined;
const mutate = {
  name: "mutate",
  enforce: "pre" as const,
  load: (id: string) => (id === job?.file ? job.text : undefined),
};

const vitest = await createVitest(
  "test",
  {
    config: fileURLToPath(new URL("../../.config/vitest.config.ts", import.meta.url)),
    watch: false,
    bail: 1,
    silent: true,
    reporters: [{ onTestModuleEnd: note }],
    typecheck: { enabled: false },
  },
  { plugins: [mutate] },
);
await vitest.standalone();

/** Runs the specs of a stage, except those that earlier stages ran, and returns those that fail. */
async function failuresOf(paths: string[], earlier: Set<string>): Promise<string[]> {
  const specs = (await vitest.globTestSpecifications(paths)).filter(({ moduleId }) => !earlier.has(moduleId));
  for (const { moduleId } of specs) earlier.add(moduleId);
  failed = [];
  const { unhandledErrors } = await vitest.runTestSpecifications(specs);
  return unhandledErrors.length > 0 ? [...failed, "an unhandled error"] : failed;
}

async function outcomeOf({ stages }: Job): Promise<Outcome> {
  const earlier = new Set<string>();
  for (const paths of stages.filter(({ length }) => length > 0)) {
    const failures = await failuresOf(paths, earlier);
    if (failures.length > 0) return { failed: failures };
  }
  return { failed: [] };
}

process.on("message", (next: Job) => {
  const changed = [job?.file, next.file];
  job = next;
  for (const file of changed) if (file !== undefined) vitest.invalidateFile(file);
  void outcomeOf(next).then((outcome) => process.send?.(outcome));
});
process.send?.("ready");
