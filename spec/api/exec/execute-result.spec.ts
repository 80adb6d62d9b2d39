import { describe, expect, it } from "vitest";
import { isStartReport } from "../../../lib/api/exec/execute-result.js";

const missing = (program: string) =>
  `Error: crun: executable file \`${program}\` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found\n`;
const denied = "Error: crun: open executable: Permission denied: OCI permission denied\n";
const cut = "Error: read unixpacket @->/proc/self/fd/14/attach: read: connection reset by peer\n";
const podman = { Pid: 0, CanRemove: true };

describe("isStartReport", () => {
  it.each([
    ["Podman 4+", missing("nope"), "nope", podman],
    ["Podman 5", missing("/./nope").replace(" in $PATH", ""), "./nope", podman],
    ["Podman 4+, followed by the end of the connection", missing("nope") + cut, "nope", podman],
    ["Podman 4", denied + cut, "/etc/passwd", podman],
    [
      "Docker 20+",
      'OCI runtime exec failed: exec: "nope": executable file not found in $PATH\r\n',
      "nope",
      { Pid: 0, CanRemove: false },
    ],
  ])("recognizes the report of %s", (_engine, output, program, found) => {
    expect(isStartReport(output, program, found)).toBe(true);
  });

  it.each([
    ["a message from a runtime", "OCI runtime exec failed: executable file not found\n", "sh", podman],
    ["a message about another program", missing("nope"), "sh", podman],
    ["a message among other lines", `before\n${denied}`, "sh", podman],
    ["a message on a terminal", denied.replace("\n", "\r\n"), "sh", podman],
    ["the output of a command that Docker has run", "OCI runtime exec failed: exec failed\n", "sh", { Pid: 7, CanRemove: false }],
  ])("does not recognize %s as a report", (_what, output, program, found) => {
    expect(isStartReport(output, program, found)).toBe(false);
  });
});
