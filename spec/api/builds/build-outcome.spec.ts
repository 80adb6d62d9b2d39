import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogTail } from "../../../lib/api/builds/build-outcome.js";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { BuildError } from "../../../lib/errors/stream-errors.js";
import type { ProgressMessage } from "../../../lib/types/progress.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const id = `sha256:${"ab".repeat(32)}`;
const remote = "https://example.com/app.git";

async function build(messages: ProgressMessage[], more: object = {}) {
  const { client } = await recordingDaemon(progressAnswer(...messages));
  return client.buildImage({ remote, ...more });
}

describe("the outcome of a build", () => {
  it.each<[string, ProgressMessage[], { imageId: string; tags: string[] }]>([
    [
      "a classic build",
      [
        { stream: "Step 1/1 : FROM busybox" },
        { stream: "\n" },
        { stream: " ---> ea870377e8b0\n" },
        { aux: { ID: id } },
        { stream: "Successfully built ea870377e8b0\n" },
        { stream: "Successfully tagged a:1\n" },
        { stream: "Successfully tagged b:2\n" },
      ],
      { imageId: id, tags: ["a:1", "b:2"] },
    ],
    [
      "a build without a machine-readable ID",
      [{ stream: "Successfully built ea870377e8b0\n" }],
      { imageId: "ea870377e8b0", tags: [] },
    ],
    ["a quiet build", [{ stream: `${id}\n` }], { imageId: id, tags: [] }],
    ["a quiet build by Podman", [{ stream: `${id.slice(7)}\n` }], { imageId: id.slice(7), tags: [] }],
    [
      "a build by Podman",
      [
        { stream: "STEP 1/1: FROM busybox\n" },
        { stream: "Successfully tagged docker.io/library/a:1\n" },
        { stream: `${id.slice(7)}\n` },
        { aux: { ID: id } },
        { stream: "Successfully built abababababab\n" },
        { stream: "Successfully tagged docker.io/library/a:1\n" },
      ],
      { imageId: id, tags: ["docker.io/library/a:1"] },
    ],
    [
      "a build by BuildKit",
      [
        { id: "moby.buildkit.trace", aux: "Cm8KR3NoYTI1Ng==" },
        { id: "moby.image.id", aux: { ID: id } },
      ],
      { imageId: id, tags: [] },
    ],
  ])("is found for %s", async (_what, messages, expected) => {
    expect(await build(messages)).toEqual(expected);
  });

  it("has no image ID when the result is exported", async () => {
    expect(await build([], { version: "2", session: "s1", outputs: [{ Type: "local" }] })).toEqual({ imageId: "", tags: [] });
  });

  it("is an error when the engine reports no image ID", async () => {
    const error = await build([{ stream: "Step 1/1 : FROM busybox\n" }]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ operation: "buildImage" });
  });

  it.each([
    ["The command '/bin/sh -c exit 7' returned a non-zero code: 7", 7, 7],
    ["The command '/bin/sh -c exit 7' returned a non-zero code: 7", undefined, 7],
    ['building at STEP "RUN exit 7": while running runtime: exit status 7\n', undefined, 7],
    ['process "/bin/sh -c exit 7" did not complete successfully: exit code: 7', undefined, 7],
    ["COPY failed: file not found in build context", undefined, undefined],
  ])("is an error with the log and the exit status: %s (code %s)", async (message, code, errorCode) => {
    const failure = { errorDetail: { message, ...(code === undefined ? {} : { code }) }, error: message };
    const error = await build([{ stream: "Step 1/2" }, { stream: " : FROM x\n" }, { stream: "bye\n" }, failure]).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(BuildError);
    const reason = message.trim();
    expect(error).toMatchObject({ status: 200, errorCode, reason, message: `build failed: ${reason}`, operation: "buildImage" });
    expect((error as BuildError).log).toEqual(["Step 1/2 : FROM x", "bye"]);
  });

  it.each([
    [400, "dockerfile parse error on line 2: unknown instruction: NONSENSE"],
    [500, "Cannot locate specified Dockerfile: Dockerfile"],
  ])("is an error when the engine responds with %i", async (status, message) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.buildImage({ remote }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ status, reason: message, log: [], errorCode: undefined });
  });
});

describe("LogTail", () => {
  it("keeps the last hundred lines", () => {
    const tail = new LogTail();
    for (let line = 0; line < 250; line += 1) tail.add(`line ${line}\n`);
    expect(tail.lines).toHaveLength(100);
    expect(tail.lines[0]).toBe("line 150");
    expect(tail.lines.at(-1)).toBe("line 249");
  });

  it("keeps a last line that has no line feed", () => {
    const tail = new LogTail();
    tail.add("one\ntwo");
    expect(tail.lines).toEqual(["one", "two"]);
  });

  it("is empty at first", () => {
    expect(new LogTail().lines).toEqual([]);
  });

  it("limits the length of a line without line feeds", () => {
    const tail = new LogTail();
    for (let part = 0; part < 100; part += 1) tail.add("x".repeat(100_000));
    expect(tail.lines).toHaveLength(1);
    expect(tail.lines[0]!.length).toBeLessThanOrEqual(356 * 1024);
  });

  it("returns the same lines however the output is split", () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r"), maxLength: 60 }), { maxLength: 40 });
    fc.assert(
      fc.property(texts, (parts) => {
        const whole = new LogTail();
        whole.add(parts.join(""));
        const pieces = new LogTail();
        for (const part of parts) for (const character of part) pieces.add(character);
        expect(pieces.lines).toEqual(whole.lines);
        const lines = parts.join("").split("\n");
        if (lines.at(-1) === "") lines.pop();
        expect(whole.lines).toEqual(lines.slice(-100));
      }),
    );
  });

  it("keeps the last hundred lines of a log that exceeds the limit", () => {
    const tail = new LogTail();
    const lines = Array.from({ length: 5000 }, (_, at) => `${at} ${"y".repeat(500)}`);
    for (const line of lines) tail.add(`${line}\n`);
    expect(tail.lines).toEqual(lines.slice(-100));
  });
});
