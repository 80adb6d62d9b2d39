import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { Client } from "../../lib/client.js";
import { UnavailableError } from "../../lib/errors/api-error.js";
import type { DockerError } from "../../lib/errors/docker-error.js";
import { VersionConflictError } from "../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError, NotASwarmManagerError, SwarmLockedError } from "../../lib/errors/swarm-membership-errors.js";
import { InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { recordingDaemon } from "./recording-daemon.js";

type Class = new (...args: never[]) => Error;
type Call = (client: Client) => Promise<unknown>;

/** Docker's messages about an engine's role in a swarm. */
const roleMessages: readonly [status: number, message: string, expected: Class][] = [
  [503, 'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this', NodeNotInSwarmError],
  [406, 'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this', NodeNotInSwarmError],
  [503, "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state.", NotASwarmManagerError],
  [503, "Swarm is encrypted and needs to be unlocked before it can be used.", SwarmLockedError],
  [503, "rpc error: code = Unavailable desc = all SubConns are in TransientFailure", UnavailableError],
];

/** Returns the error that a call rejects with when the engine answers with this status and message. */
async function refusalOf(status: number, message: string, call: Call): Promise<unknown> {
  const { client } = await recordingDaemon({ status, body: { message } });
  return call(client).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Asserts that each answer maps to its error class and keeps the engine's message. */
export function itMapsErrors(
  call: Call,
  cases: readonly [status: number, message: string, expected: Class, more?: object][],
): void {
  it.each(cases)("maps %i %j to its error class", async (status, message, expected, more = {}) => {
    const error = await refusalOf(status, message, call);
    expect((error as Error).constructor).toBe(expected);
    expect(error).toMatchObject({ status, reason: message, name: expected.name, ...more });
  });
}

/** Asserts that a call maps the engine's messages about its role in a swarm. */
export function itMapsRoleErrors(call: Call): void {
  itMapsErrors(call, roleMessages);
}

/** Asserts that an update accepts settings with a version, or a function, which is retried after a version conflict. */
export function itUpdates(
  path: string,
  kind: string,
  call: (client: Client, wanted: { version: number; spec: never } | { spec: (current: never) => never }) => Promise<unknown>,
): void {
  const at = (index: number, a: string) => ({ body: { ID: "i", Version: { Index: index }, Spec: { Name: "x", Labels: { a } } } });
  const outOfSequence = { status: 500, body: { message: "rpc error: code = Unknown desc = update out of sequence" } };
  const withB = (spec: never) => ({ ...(spec as object), Labels: { ...(spec as { Labels: object }).Labels, b: "1" } }) as never;
  const inspection = `GET /v1.51${path}`;
  const update = (version: number) => `POST /v1.51${path}/update?version=${version}`;

  it("sends the settings with their version", async () => {
    const { client, lines, requests } = await recordingDaemon({ body: {} });
    await call(client, { version: 18_014_398_509, spec: { Name: "x" } as never });
    expect(lines()).toEqual([update(18_014_398_509)]);
    expect(JSON.parse(requests[0]?.body.toString() ?? "")).toEqual({ Name: "x" });
  });

  it("calls a function again after a version conflict", async () => {
    const answers = [at(7, "1"), outOfSequence, at(8, "2"), outOfSequence, at(9, "3"), { body: {} }];
    const { client, lines, requests } = await recordingDaemon(answers);
    await call(client, { spec: withB });
    expect(lines()).toEqual([inspection, update(7), inspection, update(8), inspection, update(9)]);
    expect(JSON.parse(requests[5]?.body.toString() ?? "")).toEqual({ Name: "x", Labels: { a: "3", b: "1" } });
  });

  it("fails after ten version conflicts, or at once with a fixed version", async () => {
    const { client, lines } = await recordingDaemon(({ line }) => (line.startsWith("GET") ? at(7, "1") : outOfSequence));
    await expect(call(client, { spec: withB })).rejects.toThrow(VersionConflictError);
    expect(lines()).toHaveLength(20);
    const error = (await call(client, { version: 1, spec: { Name: "x" } as never }).catch((e: unknown) => e)) as DockerError;
    expect(error).toMatchObject({ name: "VersionConflictError", code: "ERR_VERSION_CONFLICT", kind, status: 500 });
    expect(lines()).toHaveLength(21);
  });

  it("rejects missing settings", async () => {
    const { client, lines } = await recordingDaemon(at(7, "1"));
    const forgetful = () => undefined as never;
    await expect(call(client, { spec: forgetful })).rejects.toThrow(InvalidOptionError);
    await expect(call(client, { version: 1, spec: null as never })).rejects.toThrow(InvalidOptionError);
    await expect(call(client, { spec: { Name: "x" } } as never)).rejects.toMatchObject({ option: "version" });
    expect(lines()).toEqual([inspection]);
  });
}

/** Asserts that an error hides a secret that the engine's answer contains. */
export function itHidesSecrets(secrets: readonly string[], call: Call): void {
  it.each([400, 500, 503, 502])("hides credentials in a response with status %i", async (status) => {
    const echo = [...secrets, ...secrets.map((secret) => JSON.stringify(secret).slice(1, -1))];
    for (const message of [`bad request: ${echo.join(" ")}`, JSON.stringify({ message: `bad: ${echo.join(" ")}` })]) {
      const error = await refusalOf(status, message, call);
      const shown = inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error);
      expect(shown).toContain("***");
      for (const secret of echo) expect(shown).not.toContain(secret);
    }
  });

  it("drops a truncated response that may end in a credential", async () => {
    const error = await refusalOf(500, "x".repeat(64 * 1024 - '{"message":"'.length - 4) + secrets.join(), call);
    expect(inspect(error, { depth: null, showHidden: true, maxStringLength: null })).not.toContain("xxxx");
    expect(error).toMatchObject({ status: 500, reason: "status 500", body: "" });
  });
}
