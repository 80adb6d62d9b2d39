import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/**
 * The specs that need modules or a process of their own: they replace modules, declare operations, list all that are declared, or
 * count what keeps the process running.
 */
const isolated = [
  "spec/api/events/{event-monitor,gap-watch}.spec.ts",
  "spec/api/exec/execute.spec.ts",
  "spec/auth/{credential-helper,docker-config-source}.spec.ts",
  "spec/core/{caller,close,deadline,member-check,negotiation,operation,query,requests}.spec.ts",
  "spec/core/fields/{header,reference}.spec.ts",
  "spec/engine/runtime/oci/*.spec.ts",
  "spec/errors/copies.spec.ts",
  "spec/project/{answers,docs,gating,leaks,limits,operations,refusals,strange-answers,types,windows}.spec.ts",
  "spec/streams/confirm-end.spec.ts",
  "spec/transport/dial/create-dialer.spec.ts",
  "spec/transport/{http-connection,keep-alive}.spec.ts",
];

/** What the specs that need no engine have in common. */
const unit = {
  // properties, recorded scripts and installations take seconds on a busy machine
  testTimeout: 20_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    // by default, a machine with two cores runs one file at a time
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // the built package is loaded as users load it, not through vite
    server: { deps: { external: [/\/dist\//] } },
    coverage: {
      include: ["lib/**/*.ts"],
      exclude: ["lib/types/**", "**/*.d.ts"],
      reporter: ["text-summary"],
      thresholds: { lines: 95 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["spec/**/*.spec.ts"],
          exclude: ["spec/behaviour/**", "spec/bench/**", ...isolated],
          // loading the modules for each of some four hundred files would take most of the time
          isolate: false,
          ...unit,
          typecheck: { enabled: true, include: ["spec/**/*.spec-d.ts"], tsconfig: "tsconfig.json" },
        },
      },
      { extends: true, test: { name: "isolated", include: isolated, ...unit } },
      {
        // the behaviour specs on the embedded engine, one for each file
        extends: true,
        test: {
          name: "embedded",
          include: ["spec/behaviour/**/*.spec.ts"],
          // measures the memory of the process, which is also the engine's here; the matrix runs it with an engine of its own
          exclude: ["spec/behaviour/streams/volume.spec.ts"],
          setupFiles: ["spec/support/embedded-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
