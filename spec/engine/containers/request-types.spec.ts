import { expect, test } from "vitest";
import { checkedRequest } from "../../../lib/engine/containers/request-types.js";
import type { ContainerCreateRequest } from "../../../lib/types/container-requests.js";

const request = (value: unknown): ContainerCreateRequest => value as ContainerCreateRequest; // what a client may send

test.each([
  [{ Tty: "yes" }, "invalid JSON: json: cannot unmarshal string into Go struct field .Tty of type bool"],
  [{ Env: "x" }, "invalid JSON: json: cannot unmarshal string into Go struct field .Env of type []string"],
  [{ Cmd: [1] }, "cannot unmarshal number into Go struct field .Cmd"],
  [{ Labels: [] }, "cannot unmarshal array into Go struct field .Labels"],
  [{ HostConfig: { Binds: "x" } }, "cannot unmarshal string into Go struct field .HostConfig.Binds"],
  [{ HostConfig: { Memory: "1g" } }, "cannot unmarshal string into Go struct field .HostConfig.Memory"],
  [{ HostConfig: { PortBindings: { "80/tcp": [{ HostPort: 80 }] } } }, "cannot unmarshal number"],
  [{ HostConfig: { LogConfig: { Config: { a: 1 } } } }, "cannot unmarshal number"],
  [{ HostConfig: { Mounts: ["x"] } }, "cannot unmarshal string"],
])("%j is refused", (body, message) => {
  expect(() => checkedRequest(request(body))).toThrow(expect.objectContaining({ status: 400 }));
  expect(() => checkedRequest(request(body))).toThrow(message);
});

test("a single word is a list, and null is nothing", () => {
  const body = { Cmd: "ls", Entrypoint: ["sh", "-c"], Env: null, HostConfig: { CapAdd: "ALL", Binds: null } };
  expect(checkedRequest(request(body))).toEqual({
    Cmd: ["ls"],
    Entrypoint: ["sh", "-c"],
    Env: null,
    HostConfig: { CapAdd: ["ALL"], Binds: null },
  });
});
