import { describe, expect, it } from "vitest";
import { missingNetworkWordings, orMissingNetwork } from "../../../lib/core/errors/network.js";
import { ConflictError, NotFoundError } from "../../../lib/errors/api-error.js";
import { provesEveryWording } from "../../support/wordings.js";

const details = (status: number, message: string) => ({ status, method: "POST", path: "/", operation: "spec", message });

describe("wordings for a missing network", () => {
  provesEveryWording(
    missingNetworkWordings,
    [
      ["Docker 28", "network front not found", "NoSuchNetworkError"],
      ["Docker 28", "failed to set up container networking: network front not found", "NoSuchNetworkError"],
      ["Podman 5", "container create: unable to find network with name or ID front: network not found", "NoSuchNetworkError"],
      ["Docker 28", "service front not found", "NotFoundError"],
    ],
    [],
    "NotFoundError",
  );
});

describe("orMissingNetwork", () => {
  it.each(["network front not found", "unable to find network with name or ID front: network not found"])(
    "names the network of: %s",
    (message) => {
      for (const status of [404, 500]) {
        expect(orMissingNetwork({})[status]?.(details(status, message))).toMatchObject({ id: "front", status });
      }
    },
  );

  it("keeps the operation's other errors", () => {
    const errors = orMissingNetwork({
      404: (refused) => new ConflictError(refused),
      409: (refused) => new ConflictError(refused),
    });
    expect(errors[404]?.(details(404, "no such image"))).toBeInstanceOf(ConflictError);
    expect(errors[409]?.(details(409, "network front not found"))).toBeInstanceOf(ConflictError);
    expect(orMissingNetwork({})[404]?.(details(404, "no such image"))).toBeInstanceOf(NotFoundError);
  });
});
