import type { TestContext } from "vitest";
import { podmanVersion } from "./engine.js";

/** Skips a test on Podman, whose health checks are timers of systemd, which an engine of the test bed does not have. */
export function needsHealthChecks(context: TestContext): void {
  context.skip(podmanVersion !== undefined, "Podman runs health checks of containers only where there is systemd");
}
