import { describe, expect, it } from "vitest";
import { Client } from "../../../../lib/client.js";
import { ServiceNotConvergedError } from "../../../../lib/errors/wait-errors.js";
import { client, useEngine } from "../../../support/engine.js";
import { namedImage, needsRegistry, right } from "../../../support/registry.js";
import { removed, second, specOf } from "../../../support/services.js";
import { useSwarm } from "../../../support/swarm.js";

useEngine();
useSwarm();

const wait = (id: string) => client.waitForService({ id, stableFor: 0, interval: 100, maxFailures: 2, timeout: 30_000 });

describe("a service with an image in a private registry", () => {
  it("pulls with the client's credentials, and keeps them in an update without credentials", async (context) => {
    const host = needsRegistry(context);
    const repository = await namedImage(host);
    const name = `${repository}:1`;
    await client.pushImage({ name, auth: right });
    await client.removeImage({ name });
    await using own = new Client({ endpoint: client.endpoint, auth: { [host]: right } });
    await using stranger = new Client({ endpoint: client.endpoint, auth: false });
    const spec = specOf({ container: { Image: name }, task: { RestartPolicy: { Delay: second / 10 } } });

    const { ID: refused } = await stranger.createService({ spec });
    try {
      const error: unknown = await wait(refused).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(ServiceNotConvergedError);
      expect(error).toMatchObject({ task: { state: "rejected" } });
    } finally {
      await removed(refused);
    }

    const { ID: id } = await own.createService({ spec });
    try {
      await wait(id);
      // forces the next task to pull again
      await stranger.updateService({ id, spec: (current) => ({ ...current, Mode: { Replicated: { Replicas: 0 } } }) });
      await wait(id);
      await expect
        .poll(
          () =>
            client.removeImage({ name, force: true }).then(
              () => true,
              () => false,
            ),
          { timeout: 20_000 },
        )
        .toBe(true);
      await stranger.updateService({ id, spec: (current) => ({ ...current, Mode: { Replicated: { Replicas: 1 } } }) });
      expect((await wait(id)).tasks).toHaveLength(1);
    } finally {
      await removed(id);
    }
  });
});
