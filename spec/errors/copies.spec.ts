import { expect, it, vi } from "vitest";
import { DockerError } from "../../lib/errors/docker-error.js";
import { ArchiveError, InvalidOptionError } from "../../lib/errors/usage-errors.js";

it("instanceof recognizes the errors of another copy of the package", async () => {
  vi.resetModules();
  const other = await import("../../lib/errors/usage-errors.js");
  expect(other.InvalidOptionError).not.toBe(InvalidOptionError);
  const failure: unknown = new other.InvalidOptionError("path", "the path is invalid");
  expect(failure instanceof InvalidOptionError).toBe(true);
  expect(failure instanceof DockerError).toBe(true);
  expect(failure instanceof ArchiveError).toBe(false);
  const foreign: unknown = new Error("x");
  expect(foreign instanceof DockerError).toBe(false);
});
