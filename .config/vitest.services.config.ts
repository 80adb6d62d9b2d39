import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// The specs that send calls to an agent, or run jobs, on the engine of DOCKER_HOST. `npm test` runs them on the embedded engine.
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["spec/agent/{http,methods}/**/*.spec.ts", "spec/jobs/{engine,deployment,swarm}/**/*.spec.ts"],
    env: { SERVICE_SPEC_ENGINE: process.env.DOCKER_HOST ?? "" },
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});
