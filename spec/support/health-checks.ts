import type { TestContext } from "vitest";
import { client } from "./engine.js";

/** Skips a test on Podman, whose health checks are timers of systemd, which an engine of the test bed does not have. */
export async function needsHealthChecks(context: TestContext): Promise<void> {
  const { Components } = await client.version();
  const podman = Components?.some(({ Name }) => Name.startsWith("Podman")) ?? false;
  context.skip(podman, "Podman makes health checks only where there is systemd");
}
