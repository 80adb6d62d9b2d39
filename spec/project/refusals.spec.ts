import { afterAll, describe, expect, it } from "vitest";
import {
  ApiError,
  BadRequestError,
  ConflictError,
  describeOperations,
  ForbiddenError,
  NotFoundError,
  NotImplementedError,
  ServerError,
  UnauthorizedError,
  UnavailableError,
} from "../../lib/index.js";
import { operationFacts, placeOf } from "../support/api-operations.js";
import { attempt, plainCall } from "../support/gates.js";
import { recordingDaemon } from "../support/recording-daemon.js";

const general: Readonly<Record<number, abstract new (...args: never[]) => ApiError>> = {
  400: BadRequestError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  500: ServerError,
  501: NotImplementedError,
  503: UnavailableError,
};

/** Messages of engines for missing objects, by tag or ID of the operation. */
const messages: Readonly<Record<string, string>> = {
  Config: "config x not found",
  Container: "No such container: x",
  ContainerCreate: "No such image: x",
  Exec: "No such exec instance: x",
  ContainerExec: "No such container: x",
  Image: "No such image: x",
  Network: "network x not found",
  Node: "node x not found",
  Plugin: 'plugin "x" not found',
  Secret: "secret x not found",
  Service: "service x not found",
  Task: "task x not found",
  Volume: "get x: no such volume",
};

/** Exceptions, with the reason for each. */
const explained: Readonly<Record<string, string>> = {
  "buildImage 400: BuildError: build failed: no": "builds fail with the same error before and after they start",
  "buildImage 500: BuildError: build failed: no": "builds fail with the same error before and after they start",
  "importImage 404": "the missing object is not an image: an import creates one",
  "createNetwork 404": "the missing object is the driver plugin or the configuration network",
  "inspectSwarm 404": "documented but unused: engines answer 503 outside a swarm",
};

const facts = operationFacts();
const counts = { all: 0, own: 0 };

afterAll(() => {
  console.log(`refusals: ${counts.all} documented statuses, all typed, ${counts.own} of them with a specific class`);
});

describe("a documented error status", () => {
  it("throws the class of the status, and a specific class for missing objects", async () => {
    let status = 0;
    let message = "";
    const { client } = await recordingDaemon(() => ({ status, body: { message } }), { apiVersion: "1.55" });
    const problems: string[] = [];
    for (const operation of describeOperations()) {
      const fact = facts.find((candidate) => placeOf(candidate) === placeOf(operation));
      for (status of fact?.errors ?? []) {
        const name = `${operation.name} ${status}`;
        message = (status === 404 && (messages[fact?.operationId ?? ""] ?? messages[fact?.tag ?? ""])) || "no";
        const error: unknown = await attempt(client, plainCall(operation)).catch((reason: unknown) => reason);
        const expected = general[status];
        if (!expected || !(error instanceof expected) || error.status !== status) problems.push(`${name}: ${String(error)}`);
        else if (status === 404 && error.constructor === NotFoundError) problems.push(name);
        else if (error.constructor !== expected) counts.own++;
        counts.all++;
      }
    }
    expect(problems.sort()).toEqual(Object.keys(explained).sort());
  });
});
