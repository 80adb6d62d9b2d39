import type { BodyPath } from "../../types/util.js";
import type { ExecCreateRequest, ExecStartRequest } from "../../types/exec.js";

/** API version from which engines read a part of the body that prepares a command in a container, by its path. */
export const execBodyVersions = {
  ConsoleSize: "1.42",
  Env: "1.25",
  WorkingDir: "1.35",
} satisfies Partial<Record<BodyPath<ExecCreateRequest>, string>>;

/** API version from which engines read a part of the body that starts such a command, by its path. */
export const execStartVersions = {
  ConsoleSize: "1.42",
} satisfies Partial<Record<BodyPath<ExecStartRequest>, string>>;
