import { describe, it } from "vitest";
import type { Client } from "../../lib/client.js";

declare const client: Client;

describe("an unknown filter", () => {
  it("does not compile", () => {
    // @ts-expect-error unknown filter
    void client.listConfigs({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.listContainers({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.listImages({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.listNetworks({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.listNodes({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.listPlugins({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.listSecrets({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.listServices({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.listTasks({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.listVolumes({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.pruneBuilds({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.pruneContainers({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.pruneImages({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.pruneNetworks({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.pruneVolumes({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.searchImages({ term: "x", filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.streamEvents({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.eventChannel({ filters: { unheard: "x" } });
    // @ts-expect-error unknown filter
    void client.addEventListener(() => undefined, { filters: { unheard: "x" } });
  });
});
