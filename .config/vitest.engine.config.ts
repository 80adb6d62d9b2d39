import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// One engine serves every file, and what an engine does takes its time.
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
