import { describe, expect, it } from "vitest";
import { isMissingProgram, orNotStarted, startWordings } from "../../../lib/core/errors/start.js";
import { apiErrorOf } from "../../../lib/errors/api-error.js";
import { BadRequestError, CommandNotFoundError, type StartProblem } from "../../../lib/index.js";
import { provesEveryWording } from "../../support/wordings.js";

const runc = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process";
const exec = "OCI runtime exec failed: exec failed: unable to start container process";
const attach = "preparing container 2eeac4aac1c6 for attach";

/** Answers of the engines. */
const recorded: readonly (readonly [engine: string, message: string, problem: StartProblem])[] = [
  ["Docker 20", `${runc}: exec: "/nope": stat /nope: no such file or directory: unknown`, "command-not-found"],
  ["Docker 20", `${runc}: exec: "nope": executable file not found in $PATH: unknown`, "command-not-found"],
  ["Docker 28", `${runc}: error during container init: exec: "nope": executable file not found in $PATH`, "command-not-found"],
  ["Docker 28, exec", `${exec}: exec: "/nope": stat /nope: no such file or directory`, "command-not-found"],
  [
    "Podman 4",
    `${attach}: crun: executable file \`nope\` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found`,
    "command-not-found",
  ],
  [
    "Podman 5",
    "crun: executable file `/nope` not found: No such file or directory: OCI runtime attempted to invoke a command that was not found",
    "command-not-found",
  ],
  ["Docker 20", `${runc}: exec: "/etc/passwd": permission denied: unknown`, "permission-denied"],
  ["Docker 26", `${runc}: exec: "/etc": is a directory: unknown: permission denied`, "permission-denied"],
  ["Podman 4", "crun: open executable: Permission denied: OCI permission denied", "permission-denied"],
  [
    "Podman 5",
    `${attach}: crun: the path \`/etc/passwd\` exists but it is not executable: Operation not permitted: OCI permission denied`,
    "permission-denied",
  ],
  ["Docker 20, create", "Cannot mkdir: /etc/passwd is not a directory", "working-directory"],
  [
    "Docker 26, exec",
    `${exec}: chdir to cwd ("/nope") set in config.json failed: no such file or directory: unknown`,
    "working-directory",
  ],
  ["Podman 4", `${attach}: workdir "/etc/passwd" exists on container 2d6432c88d7a, but is not a directory`, "working-directory"],
  [
    "Podman 4, exec",
    "crun: chdir `/nope`: No such file or directory: OCI runtime attempted to invoke a command that was not found",
    "working-directory",
  ],
  ["Podman 5, exec", "crun: chdir to `/etc/passwd`: Not a directory: OCI runtime error", "working-directory"],
  ["Docker 20, Podman 4", "unable to find user nobodyhere: no matching entries in passwd file", "user"],
  ["Docker 28, Podman 5", "unable to find group nog: no matching entries in group file", "user"],
];

const nameOf = (problem: StartProblem) => (problem === "command-not-found" ? "CommandNotFoundError" : "CommandStartError");

describe("wordings for a command that cannot be started", () => {
  provesEveryWording(
    startWordings,
    [
      ...recorded.map(([engine, message, problem]) => [engine, message, nameOf(problem)] as const),
      ["Docker 28", "No command specified", "ServerError"],
      ["Docker 28", "Bind for 0.0.0.0:80 failed: port is already allocated", "ServerError"],
    ],
    ["web", apiErrorOf],
    "ServerError",
  );

  it.each(recorded)("identify the problem in the answer of %s, %s: %s", (_engine, message, problem) => {
    for (const status of [400, 409, 500]) {
      const details = { status, method: "POST", path: "/", operation: "spec", message };
      const error = orNotStarted("web", {})[status]?.(details);
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ name: nameOf(problem), id: "web", problem, status, reason: message });
      expect(error?.message).toContain(`cannot start web: the `);
      expect(error?.message).toContain(message);
    }
    expect(isMissingProgram(message)).toBe(problem === "command-not-found");
  });

  it("describe a container that has no name yet", () => {
    const details = { status: 500, method: "POST", path: "/", message: "Cannot mkdir: /etc/passwd is not a directory" };
    expect(orNotStarted("", {})[500]?.(details).message).toBe(
      "cannot start the container: the working directory is not a directory (Cannot mkdir: /etc/passwd is not a directory)",
    );
    expect(new CommandNotFoundError("web", { ...details, message: "" }).message).toBe(
      "cannot start web: the program was not found",
    );
  });
});
