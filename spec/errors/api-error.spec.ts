import { describe, expect, it } from "vitest";
import { noImageName } from "../../lib/api/images/errors.js";
import { noPluginName } from "../../lib/api/plugins/errors.js";
import { noContainerName } from "../../lib/core/errors/empty-name.js";
import { ApiError, apiErrorOf, NotFoundError, NotImplementedError, UnavailableError } from "../../lib/errors/api-error.js";

const refused = (status: number, message: string) => ({ status, message, method: "POST", path: "/x", operation: "x" });

describe("apiErrorOf", () => {
  it.each([
    [404, "page not found"],
    [404, "404 page not found"],
    [404, "Not Found"],
    [404, "Path /v1.41/x is not supported"],
    [503, "Podman does not support service: /v1.41/swarm/init"],
  ])("distinguishes an unknown path from a missing object: %i %s", (status, message) => {
    const own = { [status]: () => new ApiError(refused(status, "own")) };
    expect(apiErrorOf(refused(status, message), own)).toBeInstanceOf(NotImplementedError);
  });

  it.each([
    [404, "No such container: Not Found", NotFoundError],
    [503, "this node is not a swarm manager", UnavailableError],
  ])("does not treat other messages as an unknown path: %i %s", (status, message, expected) => {
    const error = apiErrorOf(refused(status, message));
    expect(error).toBeInstanceOf(expected);
    expect(error).not.toBeInstanceOf(NotImplementedError);
  });
});

describe("ApiError.sent", () => {
  it("is true for a response of the engine, and false if the client rejected the call", () => {
    expect(new ApiError(refused(404, "no")).sent).toBe(true);
    expect(new ApiError({ ...refused(404, "no"), sent: false }).sent).toBe(false);
    expect(apiErrorOf({ ...refused(404, ""), sent: false })).toMatchObject({ status: 404, sent: false });
    const operation = { name: "pullImage", method: "POST", path: "/images/create" };
    for (const error of [noImageName(operation), noContainerName(operation), noPluginName(operation)]) {
      expect(error).toMatchObject({ status: 404, sent: false, operation: "pullImage" });
    }
  });
});
