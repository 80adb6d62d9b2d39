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

/** What engines say when there is no such thing, by the kind of the operation, or by the operation. */
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

/** Where it is otherwise, and why. */
const explained: Readonly<Record<string, string>> = {
  "buildImage 400: BuildError: build failed: no": "a build fails by one error, before it has begun and after",
  "buildImage 500: BuildError: build failed: no": "a build fails by one error, before it has begun and after",
  "importImage 404": "what is missing is no image: an import makes one",
  "createNetwork 404": "what is missing is the plugin of the driver, or a network to be configured from",
  "inspectSwarm 404": "documented, and not used: outside a swarm it is 503",
};

const facts = operationFacts();
const counts = { all: 0, own: 0 };

afterAll(() => {
  console.log(`refusals: ${counts.all} documented ones, all typed, ${counts.own} of them by a class of their own`);
});

describe("a refusal by a documented status", () => {
  it("is an error of the status' class, and for what there is not, of a class of its own", async () => {
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
