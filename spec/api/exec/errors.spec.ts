import { describe, expect, it } from "vitest";
import { execState, startedWordings } from "../../../lib/api/exec/errors.js";
import { provesEveryWording } from "../../support/wordings.js";

describe("wordings: exec instance already started", () => {
  provesEveryWording(
    startedWordings,
    [
      ["Docker 28", "Error: Exec command e1 is already running", "ConflictError"],
      ["Docker 28", "Error: Exec command e1 has already run", "ConflictError"],
      ["Podman 4", 'can only start created exec sessions, state is "running": exec session state improper', "ConflictError"],
      ["Docker 28", "Container 1c8617 is not running", "the state of the container"],
    ],
    [],
    "the state of the container",
  );
});

describe("execState", () => {
  it("reads the container's ID from the message", () => {
    const details = { status: 409, method: "POST", path: "/", operation: "spec", message: "Container 1c8617 is paused" };
    expect(execState(details)).toMatchObject({ name: "ContainerPausedError", id: "1c8617" });
  });
});
