import { describe, expect, it } from "vitest";
import { NoSuchExecError } from "../../../lib/errors/container-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.inspectExec", () => {
  it("returns the response unchanged", async () => {
    const found = {
      ID: "e1",
      Running: true,
      ExitCode: null,
      Pid: 42,
      ProcessConfig: { tty: false, entrypoint: "ls", arguments: [] },
    };
    const { client, lines } = await recordingDaemon({ body: found });
    expect(await client.inspectExec({ id: "e/1" })).toEqual(found);
    expect(lines()).toEqual(["GET /v1.51/exec/e%2F1/json"]);
  });

  it("rejects when the exec instance does not exist", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "No such exec instance: e1" } });
    const failing = client.inspectExec({ id: "e1" });
    await expect(failing).rejects.toThrow(NoSuchExecError);
    await expect(failing).rejects.toMatchObject({ id: "e1", status: 404, code: "ERR_NO_SUCH_EXEC" });
    await expect(client.inspectExec({ id: "" })).rejects.toThrow(NoSuchExecError);
  });
});
