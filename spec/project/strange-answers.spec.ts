import { describe, expect, it } from "vitest";
import type { Client } from "../../lib/client.js";
import { describeOperations, DockerError, ProtocolError } from "../../lib/index.js";
import { plainCall } from "../support/gates.js";
import { recordingDaemon } from "../support/recording-daemon.js";

type Options = Readonly<Record<string, unknown>>;

/** Answers that no engine sends. */
const answers = [{}, [], null, "x", 5, [null], [{}]];

/** Methods that send requests of other operations. */
const composites: Readonly<Record<string, Options>> = {
  attachToContainerNonBlocking: { container: "x", inputStream: "x" },
  execute: { container: "x", cmd: ["true"] },
  imagesViz: {},
  insertImageFile: { name: "x", path: "/x", content: "x" },
  runContainer: { image: "x" },
  startExecNonBlocking: { id: "x" },
  waitForHealthy: { id: "x" },
  waitForLog: { id: "x", pattern: "text" },
  waitForService: { id: "x", stableFor: 0, interval: 1 },
};

const calls = [
  ...describeOperations().map((operation) => plainCall(operation)),
  ...Object.entries(composites).map(([method, options]) => ({ method, options: () => options })),
];

/** Calls a method. If the result can be iterated, awaits only its first value. */
async function call(client: Client, method: string, options: Options): Promise<unknown> {
  const methods = client as unknown as Record<string, (options: Options, call: object) => unknown>; // all have the same form
  const result = await methods[method]?.call(client, options, { timeout: 1000 });
  const canBeIterated = typeof result === "object" && result !== null && Symbol.asyncIterator in result;
  return canBeIterated ? (result as AsyncIterable<unknown>)[Symbol.asyncIterator]().next() : result;
}

describe("an answer of the wrong form", () => {
  it.each(answers.map((answer) => JSON.stringify(answer)))(
    "makes no method fail with a native JavaScript error: %s",
    async (body) => {
      const { client } = await recordingDaemon({ headers: { "Content-Type": "application/json" }, body }, { apiVersion: "1.51" });
      const wrong: string[] = [];
      for (const { method, options } of calls) {
        const error: unknown = await call(client, method, options()).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error !== undefined && !(error instanceof DockerError)) wrong.push(`${method}: ${String((error as Error).stack)}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  it.each<[method: string, options: Options, operation: string]>([
    ["attachToContainer", { container: "x", inputStream: "x" }, "inspectContainer"],
    ["attachToContainerWebsocket", { container: "x" }, "inspectContainer"],
    ["logs", { id: "x" }, "inspectContainer"],
    ["serviceLogs", { id: "x" }, "inspectService"],
    ["taskLogs", { id: "x" }, "inspectTask"],
    ["startExecNonBlocking", { id: "x" }, "inspectExec"],
    ["topContainer", { id: "x" }, "topContainer"],
    ["startContainer", { id: "x", hostConfig: { Privileged: true } }, "inspectContainer"],
  ])("is a ProtocolError that names the request: %s", async (method, options, operation) => {
    const { client } = await recordingDaemon({ body: "{}" }, { apiVersion: "1.41" });
    const error: unknown = await call(client, method, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({
      operation: method,
      message: `the response to ${operation} lacks documented members`,
      cause: expect.any(TypeError) as unknown,
    });
  });
});
