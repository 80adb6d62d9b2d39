import { describe, expect, test } from "vitest";
import * as z from "zod";
import { invalidParams, toRpcError } from "../../../lib/agent/rpc/failure.js";
import { RpcError, type RpcErrorObject } from "../../../lib/agent/rpc/rpc-error.js";
import {
  AbortError,
  ApiError,
  CommandNotFoundError,
  ConnectionError,
  DockerError,
  InvalidOptionError,
  NoSuchContainerError,
  OutputLimitError,
  RegistryAuthenticationError,
  TimeoutError,
  UnsupportedVersionError,
} from "../../../lib/index.js";

const of = (error: unknown): RpcErrorObject => toRpcError(error).toObject();

const answered = (status: number) => ({
  operation: "inspectContainer",
  object: "web",
  status,
  message: "the engine's words",
  method: "GET",
  path: "/containers/web/json",
  body: undefined,
});

describe("the failure of a call", () => {
  test.each([
    [404, -32004, "notFound"],
    [409, -32009, "conflict"],
    [400, -32602, "invalidParams"],
    [401, -32001, "unauthorized"],
    [403, -32001, "unauthorized"],
    [500, -32000, "engine"],
    [503, -32000, "engine"],
  ])("that the engine answers with %d has the code %d", (engineStatus, code, kind) => {
    const error = new ApiError(answered(engineStatus));
    expect(of(error)).toEqual({ code, message: "the engine's words", data: { kind, engineStatus } });
    expect(toRpcError(error).cause).toBe(error);
  });

  test("within a stream has no status", () => {
    expect(of(new ApiError(answered(200)))).toEqual({ code: -32000, message: "the engine's words", data: { kind: "engine" } });
  });

  test("about a container names it", () => {
    const error = of(new NoSuchContainerError("web", answered(404)));
    expect(error).toMatchObject({ code: -32004, data: { kind: "notFound", engineStatus: 404, containerId: "web" } });
    expect(error.message).toMatch(/^no such container: web/);
  });

  test.each<[string, DockerError, number, string, object?]>([
    ["a registry", new RegistryAuthenticationError("registry.example", answered(500)), -32001, "unauthorized"],
    ["a command", new CommandNotFoundError("web", answered(400)), -32602, "invalidParams", { engineStatus: 400 }],
    ["the time", new TimeoutError("total", 5), -32030, "timeout"],
    ["an abort", new AbortError("x"), -32032, "canceled"],
    ["an option", new InvalidOptionError("id", "x"), -32602, "invalidParams"],
    ["the version", new UnsupportedVersionError("x", { version: "1.24", since: "1.44" }), -32602, "invalidParams"],
    ["too much output", new OutputLimitError(1, "x"), -32602, "invalidParams"],
    ["the connection", new ConnectionError("x"), -32000, "engine", { retryAfter: 5 }],
    ["anything else of the client", new DockerError("x"), -32000, "engine"],
  ])("for want of %s", (_, error, code, kind, data = {}) => {
    expect(of(error)).toEqual({ code, message: expect.any(String) as string, data: { kind, ...data } });
  });

  test.each([
    ["createContainer: the option is wrong: twice", "the option is wrong: twice"],
    ["createContainer web failed (500): out of memory", "out of memory"],
    ["createContainer did not finish within 5 ms", "the call did not finish within 5 ms"],
    ["the volume is in use", "the volume is in use"],
  ])("says %j without the method of our client", (message, expected) => {
    expect(of(new DockerError(message, { operation: "createContainer" })).message).toBe(expected);
  });

  test.each([new Error("/a/path of this host"), new TypeError("x"), "thrown", undefined, null])(
    "that is a fault of ours says nothing of %s",
    (fault) => {
      expect(of(fault)).toEqual({ code: -32603, message: "internal error", data: { kind: "internal" } });
      expect(toRpcError(fault).cause).toBe(fault);
    },
  );

  test("of too much output does not tell callers to raise an option that they do not have", () => {
    const error = new OutputLimitError(1_024, 'execute: the output exceeds 1024 bytes: raise "maxOutput"', {
      operation: "execute",
    });
    expect(of(error).message).toBe("the output, or a line of it, exceeds 1024 bytes");
  });

  test("that is known to be one stays as it is", () => {
    const error = new RpcError("policy", "no", { rule: "images" });
    expect(toRpcError(error)).toBe(error);
  });

  test("of parameters is the first problem, with its place", () => {
    const schema = z.object({ guest: z.object({ id: z.string("missing guest with id"), memory: z.int() }) });
    const failureOf = (value: unknown): RpcErrorObject => {
      const { error } = schema.safeParse(value);
      if (!error) throw new TypeError("it is valid");
      expect(toRpcError(error).toObject()).toEqual(invalidParams(error).toObject());
      return invalidParams(error).toObject();
    };
    expect(failureOf({ guest: { memory: 1 } })).toEqual({
      code: -32602,
      message: "missing guest with id",
      data: { kind: "invalidParams", path: "guest.id" },
    });
    expect(failureOf({ guest: { id: "web", memory: "1" } })).toMatchObject({
      message: expect.stringMatching(/^guest\.memory: /) as string,
      data: { path: "guest.memory" },
    });
    expect(failureOf(7)).toMatchObject({ data: { kind: "invalidParams" } });
    expect(failureOf(7).data).not.toHaveProperty("path");
  });
});
