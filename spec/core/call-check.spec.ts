import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { Client } from "../../lib/index.js";
import { recordingDaemon } from "../support/recording-daemon.js";

/** Calls a method as JavaScript does, without types. */
async function failure(method: string, ...args: unknown[]): Promise<{ error: unknown; sent: number }> {
  const { client, requests } = await recordingDaemon({ body: "{}" });
  const methods = client as unknown as Record<string, (...values: unknown[]) => unknown>; // every name is a method
  const result = methods[method]?.call(client, ...args);
  const error: unknown = await Promise.resolve(result).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, sent: requests.length };
}

describe("the options of a call", () => {
  it.each(["inspectContainer", "execute", "waitForLog", "pullImage", "runContainer", "listContainers"])(
    "must be an object for %s",
    async (method) => {
      const values = [
        [null, "null"],
        [["web"], "an array"],
        [7, "number"],
      ] as const;
      for (const [value, type] of values) {
        expect(await failure(method, value)).toMatchObject({
          error: { name: "InvalidOptionError", option: "options", message: `${method} expects an options object, not ${type}` },
          sent: 0,
        });
      }
    },
  );

  it.each([
    ["inspectContainer", "id"],
    ["pullImage", "repository"],
    ["execute", "container"],
  ])("cannot be a string in place of an object for %s", async (method, option) => {
    const message = `${method} expects an options object, not string: pass { ${option}: … }`;
    expect(await failure(method, "web")).toMatchObject({ error: { message }, sent: 0 });
  });

  it.each<[string, unknown[], string, string]>([
    ["inspectContainer", [], "id", 'inspectContainer needs the option "id"'],
    ["createContainer", [], "config", 'createContainer needs the option "config"'],
    ["pullImage", [], "repository", 'pullImage needs the option "repository"'],
    ["buildImage", [{ tags: ["x"], dockerfil: "y" }], "tags", 'buildImage has no option "tags": did you mean "name"?'],
    ["pullImage", [{ image: "busybox" }], "image", 'pullImage has no option "image": did you mean "repository"?'],
    ["execute", [{ container: "a", command: ["b"] }], "command", 'execute has no option "command": did you mean "cmd"?'],
    ["execute", [{ container: "a", cmd: "echo hi" }], "cmd", 'execute: option "cmd" must be a list of strings, not a string'],
    ["runContainer", [], "image", 'runContainer needs the option "image"'],
    ["runContainer", [{ image: "a", cmd: ["b"] }], "cmd", 'runContainer has no option "cmd": did you mean "command"?'],
    [
      "runContainer",
      [{ image: "a", command: "echo hi" }],
      "command",
      'runContainer: option "command" must be a list of strings, not a string',
    ],
    [
      "output",
      [{ image: "a", command: "echo hi" }],
      "command",
      'output: option "command" must be a list of strings, not a string',
    ],
    ["copyToContainer", [{ id: "a" }], "id", 'copyToContainer has no option "id": did you mean "container"?'],
    [
      "waitForHealthy",
      [{ id: "a", intervall: 1 }],
      "intervall",
      'waitForHealthy has no option "intervall": did you mean "interval"?',
    ],
    ["request", [{ path: "/x", params: {} }], "params", /^request has no option "params"/.source],
    [
      "stopContainer",
      [{ id: "a", signal: new AbortController().signal, headers: {} }],
      "headers",
      'stopContainer has no option "headers": it is a setting of the call; pass it in the second argument',
    ],
    [
      "listContainers",
      [{ timeout: 5 }],
      "timeout",
      'listContainers has no option "timeout": it is a setting of the call; pass it in the second argument',
    ],
  ])("to %s are checked before anything else: %j", async (method, args, option, message) => {
    const { error, sent } = await failure(method, ...args);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, operation: method });
    expect((error as Error).message).toMatch(message.startsWith("^") ? new RegExp(message) : message);
    expect(sent).toBe(0);
  });

  it("to streamEvents are checked on the first read", async () => {
    const { client } = await recordingDaemon({});
    const stream = client.streamEvents({ filter: {} } as object);
    await expect(stream.next()).rejects.toThrow('streamEvents has no option "filter": did you mean "filters"?');
  });
});

describe("the settings of a call", () => {
  it.each<[unknown, string, string]>([
    [{ timeoutMs: 700 }, "timeoutMs", 'inspectContainer: the call has no setting "timeoutMs": did you mean "timeout"?'],
    [
      { size: true },
      "size",
      'inspectContainer: the call has no setting "size": it is an option of inspectContainer; pass it in the first argument',
    ],
    [
      { timeouts: { connection: 5 } },
      "timeouts.connection",
      'inspectContainer: there is no timeout "connection": did you mean "connect"?',
    ],
    [new AbortController().signal, "signal", "inspectContainer: pass the signal as { signal } in the second argument"],
    [700, "call", "inspectContainer: the second argument must be an object of settings"],
  ])("are checked before anything is sent: %j", async (call, option, message) => {
    const { error, sent } = await failure("inspectContainer", { id: "a" }, call);
    expect(error).toMatchObject({ name: "InvalidOptionError", option, message });
    expect(sent).toBe(0);
  });

  it("may be undefined, individually or as a whole", async () => {
    const { error } = await failure(
      "inspectContainer",
      { id: "a", size: undefined, x: undefined },
      { signal: undefined, x: undefined },
    );
    expect(error).toBeUndefined();
    expect((await failure("info", undefined, undefined)).error).toBeUndefined();
  });
});

describe("the options of a client", () => {
  it.each([
    [{ socketPath: "/x.sock" }, 'new Client has no option "socketPath": set endpoint: unix:///path/of/docker.sock'],
    [
      { host: "h", port: 1 },
      'new Client has no option "host": set endpoint: tcp://host:port, https://host:port or ssh://user@host',
    ],
    [{ endPoint: "tcp://h" }, 'new Client has no option "endPoint": did you mean "endpoint"?'],
    [{ timeouts: { header: 5 } }, 'new Client has no option "timeouts.header": did you mean "headers"?'],
    [{ tls: { servername: "h" } }, 'new Client has no option "tls.servername": did you mean "serverName"?'],
    [{ context: "c" }, 'new Client has no option "context": set Client.fromEnv({ context })'],
  ])("are checked: %j", (options, message) => {
    const error = (() => {
      try {
        return new Client(options as object);
      } catch (reason) {
        return reason;
      }
    })();
    expect(error).toMatchObject({ name: "InvalidOptionError", message });
  });

  it("take precedence over the environment", () => {
    expect(Client.fromEnv({ endpoint: "tcp://h:1" }, {}).endpoint).toBe("http://h:1");
    expect(() => Client.fromEnv({ DOCKER_HOST: "tcp://h:1" } as object)).toThrow(
      'Client.fromEnv has no option "DOCKER_HOST": pass environment variables as the second argument',
    );
    expect(() => Client.fromEnv({ socketPath: "/x" } as object)).toThrow('Client.fromEnv has no option "socketPath"');
  });
});

describe("the options of a client", () => {
  it.each([
    ["unix:///x.sock", "string: pass { endpoint: … }"],
    [null, "null"],
    [[], "an array"],
  ])("are an object, not %j", (options, shown) => {
    const message = `new Client expects an options object, not ${shown}`;
    expect(() => new Client(options as never)).toThrow(expect.objectContaining({ name: "InvalidOptionError", message }) as Error);
  });

  it("have known names in the credentials of each registry", () => {
    const auth = { "registry:5000": { username: "me", pasword: "secret" } };
    const message = 'new Client has no option "auth.registry:5000.pasword": did you mean "password"?';
    expect(() => new Client({ auth })).toThrow(expect.objectContaining({ name: "InvalidOptionError", message }) as Error);
  });

  it("may have a provider of credentials with any names", () => {
    const auth = { resolve: () => Promise.resolve(undefined), cache: { "registry:5000": { pasword: "secret" } } };
    expect(() => new Client({ auth })).not.toThrow();
  });
});
