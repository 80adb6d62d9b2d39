import { describe, it } from "vitest";
import type { Client } from "../../lib/client.js";

declare const client: Client;

describe("a filter that engines do not know", () => {
  it("does not compile", () => {
    // @ts-expect-error there is no such filter
    void client.listConfigs({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.listContainers({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.listImages({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.listNetworks({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.listNodes({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.listPlugins({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.listSecrets({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.listServices({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.listTasks({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.listVolumes({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.pruneBuilds({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.pruneContainers({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.pruneImages({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.pruneNetworks({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.pruneVolumes({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.searchImages({ term: "x", filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.streamEvents({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.eventChannel({ filters: { unheard: "x" } });
    // @ts-expect-error there is no such filter
    void client.addEventListener(() => undefined, { filters: { unheard: "x" } });
  });
});
