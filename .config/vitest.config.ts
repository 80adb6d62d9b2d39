import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    // properties and recorded scripts take seconds on a busy machine
    testTimeout: 20_000,
    include: ["spec/**/*.spec.ts"],
    exclude: ["spec/behaviour/**", "spec/bench/**"],
    // the built package is loaded as users load it, not through vite
    server: { deps: { external: [/\/dist\//] } },
    typecheck: { enabled: true, include: ["spec/**/*.spec-d.ts"], tsconfig: "tsconfig.json" },
    coverage: {
      include: ["lib/**/*.ts"],
      exclude: ["lib/types/**", "**/*.d.ts"],
      reporter: ["text-summary"],
      thresholds: { lines: 95 },
    },
  },
});
