import { describe, expect, it } from "vitest";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { NoSuchNodeError } from "../../../lib/errors/swarm-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.inspectNode", () => {
  it("returns the response unchanged", async () => {
    const node = { ID: "2e4z", Spec: { Role: "manager", Availability: "active" } };
    const { client, lines } = await recordingDaemon({ body: node });
    expect(await client.inspectNode({ id: "a b" })).toEqual(node);
    expect(lines()).toEqual(["GET /v1.51/nodes/a%20b"]);
  });

  it("rejects an empty ID before anything is sent", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.inspectNode({ id: "" })).rejects.toThrow(NoSuchNodeError);
    expect(requests).toEqual([]);
  });

  itMapsRoleErrors((client) => client.inspectNode({ id: "vm" }));
  itMapsErrors(
    (client) => client.inspectNode({ id: "vm" }),
    [
      [404, "node vm not found", NoSuchNodeError, { id: "vm", kind: "node", operation: "inspectNode" }],
      [400, "node vm is ambiguous (2 matches found)", BadRequestError],
    ],
  );
});
