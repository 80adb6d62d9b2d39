import type { TestContext } from "vitest";
import { podmanVersion } from "./engine.js";

/** Skips a test on Podman: it runs health checks from systemd timers, and the test bed has no systemd. */
export function needsHealthChecks(context: TestContext): void {
  context.skip(podmanVersion !== undefined, "Podman runs health checks only on hosts with systemd");
}
