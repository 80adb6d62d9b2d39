import { describe, expect, it } from "vitest";
import { type CallOptions, describeOperations, InvalidOptionError, type OptionDescription } from "../../lib/index.js";
import { recordingDaemon } from "../support/recording-daemon.js";

/** Calls a method as JavaScript does, without types, and returns its error and the number of requests. */
async function outcome(method: string, ...args: unknown[]): Promise<{ error: unknown; sent: number; body: string | undefined }> {
  const { client, requests } = await recordingDaemon({ body: { Id: "a", ID: "a" } }, { apiVersion: "1.51" });
  const methods = client as unknown as Record<string, (...values: unknown[]) => unknown>; // every name is a method
  const result = methods[method]?.call(client, ...args);
  const first = typeof result === "object" && result !== null && "next" in result ? (result as AsyncGenerator).next() : result;
  const error: unknown = await Promise.resolve(first).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, sent: requests.length, body: requests[0]?.body.toString() };
}

/** Returns a value with a misspelled member beside the one at the path. */
function misspelt(path: string): unknown {
  const [step = "", ...rest] = path.split(".");
  const name = step.replaceAll("[]", "");
  if (rest.length === 0) return { [`${name}Typo`]: "x" };
  const inner = misspelt(rest.join("."));
  return { [name]: step.endsWith("[]") ? [inner] : inner };
}

/** Returns the value of an option with a misspelling beside the member at the path. */
function valueFor({ in: place, key }: OptionDescription, path: string): unknown {
  if (path.startsWith("[].")) return [misspelt(path.slice(3))];
  const value = place === "query" ? { [`${path}Typo`]: "x" } : misspelt(path);
  return place === "body" && key !== "" ? (value as Record<string, unknown>)[key] : value; // the path starts with the key
}

const members = describeOperations().flatMap((operation) =>
  operation.options.flatMap((description) =>
    description.members
      .filter((path) => !path.includes("*")) // the keys of maps are the caller's
      .map((path) => ({ operation, description, path })),
  ),
);

describe("a misspelled member", () => {
  it("is rejected in every option, at every depth, with its path", async () => {
    const wrong: string[] = [];
    for (const { operation, description, path } of members) {
      const value = valueFor(description, path);
      const { error, sent } = await outcome(operation.name, { [description.option]: value }); // reported before missing options
      const { option = "" } = error instanceof InvalidOptionError ? error : {};
      if (!/^\w+[.[]/.test(option) || !option.startsWith(description.option) || !option.endsWith("Typo") || sent > 0)
        wrong.push(`${operation.name} ${description.option} ${path}: ${String(error)}, sent: ${sent}`);
    }
    expect(wrong).toEqual([]);
    expect(members.length).toBeGreaterThan(600);
  });

  it.each<[string, unknown, string, string]>([
    ["createContainer", { hostConfig: { portBindings: { "80/tcp": [] } } }, "hostConfig.portBindings", "PortBindings"],
    ["createContainer", { config: { cmd: ["true"] } }, "config.cmd", "Cmd"],
    ["createContainer", { config: { Imgae: "a" } }, "config.Imgae", "Image"],
    ["createContainer", { hostConfig: { RestartPolicy: { name: "always" } } }, "hostConfig.RestartPolicy.name", "Name"],
    ["createContainer", { hostConfig: { Mounts: [{}, { target: "/x" }] } }, "hostConfig.Mounts[1].target", "Target"],
    [
      "createContainer",
      { hostConfig: { PortBindings: { "80/tcp": [{ hostPort: "1" }] } } },
      "hostConfig.PortBindings.80/tcp[0].hostPort",
      "HostPort",
    ],
    ["createContainer", { config: { Healthcheck: { test: [] } } }, "config.Healthcheck.test", "Test"],
    ["createContainer", { config: { HostConfig: {} } }, "config.HostConfig", "hostConfig"],
    ["createContainer", { config: { PortBindings: {} } }, "config.PortBindings", "hostConfig.PortBindings"],
    ["createContainer", { hostConfig: { Env: ["a=b"] } }, "hostConfig.Env", "config.Env"],
    [
      "createContainer",
      { networkingConfig: { EndpointsConfig: { net: { aliases: ["a"] } } } },
      "networkingConfig.EndpointsConfig.net.aliases",
      "Aliases",
    ],
    ["runContainer", { image: "a", hostConfig: { binds: ["/a:/b"] } }, "hostConfig.binds", "Binds"],
    ["output", { image: "a", config: { env: ["a=b"] } }, "config.env", "Env"],
    ["updateContainer", { id: "a", update: { memory: 5 } }, "update.memory", "Memory"],
    ["commitContainer", { container: "a", run: { cmd: ["a"] } }, "run.cmd", "Cmd"],
    ["createNetwork", { name: "a", ipam: { Config: [{ subnet: "10.0.0.0/8" }] } }, "ipam.Config[0].subnet", "Subnet"],
    ["createNetwork", { name: "a", ipam: { Subnet: "10.0.0.0/8" } }, "ipam.Subnet", "ipam.Config[].Subnet"],
    [
      "connectNetwork",
      { id: "a", container: "b", endpointConfig: { IPAMConfig: { ipv4Address: "1" } } },
      "endpointConfig.IPAMConfig.ipv4Address",
      "IPv4Address",
    ],
    [
      "createService",
      { spec: { TaskTemplate: { ContainerSpec: { image: "a" } } } },
      "spec.TaskTemplate.ContainerSpec.image",
      "Image",
    ],
    ["createService", { spec: { Image: "a" } }, "spec.Image", "spec.TaskTemplate.ContainerSpec.Image"],
    ["createService", { spec: { mode: { Replicated: {} } } }, "spec.mode", "Mode"],
    ["initSwarm", { spec: { Raft: { snapshotInterval: 5 } } }, "spec.Raft.snapshotInterval", "SnapshotInterval"],
    ["listContainers", { filters: { lable: "a" } }, "filters.lable", "label"],
    ["streamEvents", { filters: { continer: "a" } }, "filters.continer", "container"],
    ["eventChannel", { filters: { contaner: "a" } }, "filters.contaner", "container"],
    ["imagesViz", { filters: { dangeling: true } }, "filters.dangeling", "dangling"],
    ["pullImage", { repository: "a", auth: { user: "a", password: "b" } }, "auth.user", "username"],
    ["runContainer", { image: "a", auth: { passwrd: "b" } }, "auth.passwrd", "password"],
    ["buildImage", { remote: "a", authConfigs: { "r:5000": { Username: "b" } } }, "authConfigs.r:5000.Username", "username"],
    ["buildImage", { remote: "a", ulimits: [{ name: "nofile" }] }, "ulimits[0].name", "Name"],
    ["buildImage", { remote: "a", outputs: [{ type: "tar" }] }, "outputs[0].type", "Type"],
    ["pullImage", { repository: "a", platform: { os: "linux", arch: "arm64" } }, "platform.arch", "architecture"],
    ["loadImage", { platform: [{ os: "linux", architectur: "arm64" }] }, "platform[0].architectur", "architecture"],
    ["copyToContainer", { container: "a", path: "/", entries: [{ nmae: "a", content: "b" }] }, "entries[0].nmae", "name"],
    ["copyFromContainer", { container: "a", resource: "/", extract: { keepOwners: true } }, "extract.keepOwners", "keepOwner"],
    ["startContainer", { id: "a", hostConfig: { memory: 5 } }, "hostConfig.memory", "Memory"],
    ["installPlugins", { remote: "a", name: "a", privileges: [{ name: "network" }] }, "privileges[0].name", "Name"],
  ])("of %s is rejected with the nearest name: %j", async (method, options, option, near) => {
    const given = method === "createContainer" ? { config: { Image: "a" }, ...(options as object) } : options;
    const { error, sent } = await outcome(method, given);
    const message = `${method} has no option "${option}": did you mean "${near}"?`;
    expect(error).toMatchObject({ name: "InvalidOptionError", option, operation: method, message });
    expect(sent).toBe(0);
  });

  it("in the options of addEventListener is rejected", async () => {
    const listener = () => undefined;
    expect((await outcome("addEventListener", listener, { filters: { contaner: "a" } })).error).toMatchObject({
      message: 'addEventListener has no option "filters.contaner": did you mean "container"?',
    });
    expect((await outcome("addEventListener", listener, { filter: {} })).error).toMatchObject({
      message: 'addEventListener has no option "filter": did you mean "filters"?',
    });
  });

  it("is sent when the call requests it", async () => {
    const options = { config: { Image: "a" }, hostConfig: { Pod: "x", Memroy: 5 } };
    const { error, body } = await outcome("createContainer", options, { unknownMembers: "send" } satisfies CallOptions);
    expect(error).toBeUndefined();
    expect(JSON.parse(body ?? "")).toEqual({ Image: "a", HostConfig: options.hostConfig });
    expect((await outcome("createContainer", options, { unknownMembers: "reject" })).error).toBeInstanceOf(InvalidOptionError);
    expect((await outcome("inspectContainer", { id: "a" }, { unknownMembers: true })).error).toMatchObject({
      message: 'inspectContainer: unknownMembers must be "reject" or "send"',
    });
  });

  it("is accepted when it resembles no known member and requests nothing, as in a newer engine's inspection", async () => {
    for (const nothing of [null, "", 0, false, [], {}, { Inner: [] }]) {
      const options = { config: { Image: "a" }, hostConfig: { Quantum: nothing } };
      expect((await outcome("createContainer", options)).error, JSON.stringify(nothing)).toBeUndefined();
    }
    const options = { config: { Image: "a" }, hostConfig: { Quantum: true } };
    expect((await outcome("createContainer", options)).error).toMatchObject({ option: "hostConfig.Quantum" });
  });
});

describe("a string in place of a list in a body", () => {
  it.each([
    [
      "createContainer",
      { config: { Image: "a", Cmd: "sleep 1" } },
      'option "config.Cmd" must be a list of strings, not a string',
    ],
    [
      "createContainer",
      { config: { Image: "a", Entrypoint: "sh" } },
      'option "config.Entrypoint" must be a list of strings, not a string',
    ],
    ["createContainer", { config: { Image: "a", Env: "A=b" } }, 'option "config.Env" must be a list of strings, not a string'],
    [
      "createContainer",
      { config: { Image: "a" }, hostConfig: { Binds: "/a:/b" } },
      'option "hostConfig.Binds" must be a list of strings, not a string',
    ],
    [
      "createContainer",
      { config: { Image: "a" }, hostConfig: { Mounts: "/a:/b" } },
      'option "hostConfig.Mounts" must be a list, not a string',
    ],
    [
      "createContainer",
      { config: { Image: "a", Healthcheck: { Test: "true" } } },
      'option "config.Healthcheck.Test" must be a list of strings, not a string',
    ],
    [
      "createService",
      { spec: { TaskTemplate: { ContainerSpec: { Args: "a b" } } } },
      'option "spec.TaskTemplate.ContainerSpec.Args" must be a list of strings, not a string',
    ],
  ])("is rejected by %s: %j", async (method, options, message) => {
    const { error, sent } = await outcome(method, options);
    expect(error).toMatchObject({ name: "InvalidOptionError", message: `${method}: ${message}` });
    expect(sent).toBe(0);
  });
});

describe("the settings that a function returns for an update", () => {
  const update = async (current: object, spec: (current: object) => object, call?: CallOptions) => {
    const { client, lines } = await recordingDaemon({ body: { ID: "a", Version: { Index: 5 }, Spec: current } });
    const error: unknown = await client.updateService({ id: "a", spec }, call).catch((reason: unknown) => reason);
    return { error, posts: lines().filter((line) => line.startsWith("POST")).length };
  };

  it("are checked before they are sent", async () => {
    const misspell = (current: object) => ({ ...current, Lables: { a: "b" } });
    const { error, posts } = await update({ Name: "a" }, misspell);
    expect(error).toMatchObject({
      name: "InvalidOptionError",
      message: 'updateService has no option "spec.Lables": did you mean "Labels"?',
    });
    expect(posts).toBe(0);
    expect((await update({ Name: "a" }, misspell, { unknownMembers: "send" })).posts).toBe(1);
  });

  it("may contain members that the engine itself sent", async () => {
    const current = { Name: "a", Extension: { On: true }, EndpointSpec: { Ports: [{ Extra: 5 }] } };
    const { error, posts } = await update(current, (spec) => ({ ...spec, Labels: {} }));
    expect(error).not.toBeInstanceOf(InvalidOptionError);
    expect(posts).toBe(1);
  });
});
