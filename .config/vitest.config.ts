import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
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
          exclude: ["spec/behaviour/**", "spec/bench/**"],
          // properties and recorded scripts take seconds on a busy machine
          testTimeout: 20_000,
          typecheck: { enabled: true, include: ["spec/**/*.spec-d.ts"], tsconfig: "tsconfig.json" },
        },
      },
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
