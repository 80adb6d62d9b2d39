import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// The files share one engine, so they run one after the other, and an engine is slow.
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["spec/behaviour/**/*.spec.ts"],
    setupFiles: ["spec/support/called.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});
