import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { InstallPluginsOptions } from "../../../lib/api/plugins/install.js";
import { BadRequestError, ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchPluginError, PluginAlreadyExistsError, PluginPrivilegesError } from "../../../lib/errors/plugin-errors.js";
import { RegistryAuthenticationError, StreamError } from "../../../lib/errors/stream-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import type { PluginPrivilege } from "../../../lib/types/plugin.js";
import { decodeHeader } from "../../support/auth-header.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

const wanted: PluginPrivilege[] = [
  { Name: "network", Description: "permissions to access a network", Value: ["host"] },
  { Name: "capabilities", Description: "list of additional capabilities required", Value: ["CAP_SYS_ADMIN"] },
];
const pulled: Answer = {
  ...progressAnswer(
    { status: "Pulling fs layer", progressDetail: {}, id: "798c35ebc3ac" },
    { status: "Pull complete", progressDetail: {}, id: "798c35ebc3ac" },
    { status: "Digest: sha256:ab" },
  ),
};
pulled.headers = { ...pulled.headers, "Docker-Plugin-Name": "registry:5000/volumes:latest" };

/** An engine with plugins that request privileges, and the given answer to a pull. */
const engine = (answer: Answer = pulled, privileges: PluginPrivilege[] | null = wanted) => [
  { body: JSON.stringify(privileges) },
  answer,
];

describe("Client.installPlugins", () => {
  it.each<[Partial<InstallPluginsOptions>, string]>([
    [{ grantAllPermissions: true }, ""],
    [{ privileges: wanted }, ""],
    [
      {
        privileges: [
          { Name: "capabilities", Value: ["CAP_NET_ADMIN", "CAP_SYS_ADMIN"] },
          { Name: "network", Value: ["host"] },
        ],
      },
      "",
    ],
    [{ grantAllPermissions: true, name: "own:1" }, "name=own%3A1&"],
  ])("sends the requested privileges when they are granted: %j", async (options, query) => {
    const { client, lines, requests } = await recordingDaemon(engine());
    const result = await client.installPlugins({ remote: "registry:5000/volumes", ...options });
    expect(result).toEqual({ name: "registry:5000/volumes:latest", digest: "sha256:ab" });
    expect(lines()).toEqual([
      "GET /v1.51/plugins/privileges?remote=registry%3A5000%2Fvolumes",
      `POST /v1.51/plugins/pull?${query}remote=registry%3A5000%2Fvolumes`,
    ]);
    expect(requests[1]?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(requests[1]?.body.toString() ?? "")).toEqual(wanted);
  });

  it("sends an empty list for a plugin that requests nothing", async () => {
    const { client, requests } = await recordingDaemon(engine(progressAnswer(), null));
    const privileges = [{ Name: "device", Value: ["/dev/fuse"] }];
    expect(await client.installPlugins({ remote: "volumes", name: "own", privileges })).toEqual({ name: "own" });
    expect(requests[1]?.body.toString()).toBe("[]");
  });

  it.each<[string, Partial<InstallPluginsOptions>, PluginPrivilege[]]>([
    ["no privileges", {}, wanted],
    ["only some privileges", { privileges: [{ Name: "network", Value: ["host"] }] }, wanted.slice(1)],
    ["an empty list of privileges", { grantAllPermissions: false, privileges: [] }, wanted],
  ])("installs nothing when the plugin is granted %s", async (_what, options, missing) => {
    const { client, lines } = await recordingDaemon(engine());
    const error = await client.installPlugins({ remote: "volumes", ...options }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PluginPrivilegesError);
    expect(error).toMatchObject({
      code: "ERR_PLUGIN_PRIVILEGES",
      plugin: "volumes",
      privileges: missing,
      operation: "installPlugins",
    });
    expect(lines()).toHaveLength(1);
  });

  it("sends credentials with both requests", async () => {
    const auth = { "registry:5000": { username: "u", password: "p" } };
    const { client, requests } = await recordingDaemon(engine(), { auth });
    await client.installPlugins({ remote: "registry:5000/volumes", grantAllPermissions: true });
    const own = { username: "u", password: "p", serveraddress: "registry:5000" };
    expect(requests.map(({ headers }) => decodeHeader(headers["x-registry-auth"]))).toEqual([own, own]);
  });

  it("yields the messages", async () => {
    const { client } = await recordingDaemon(engine());
    const install = client.installPlugins({ remote: "volumes", grantAllPermissions: true });
    const statuses: unknown[] = [];
    for await (const { status } of install) statuses.push(status);
    expect(statuses).toEqual(["Pulling fs layer", "Pull complete", "Digest: sha256:ab"]);
    expect(await install).toMatchObject({ digest: "sha256:ab" });
  });

  it.each([
    ["unauthorized: authentication required", RegistryAuthenticationError],
    ["error resolving plugin reference: registry:5000/volumes:latest: not found", NoSuchPluginError],
    ["incorrect privileges", StreamError],
    ["connection reset by peer", StreamError],
  ])("rejects with the error that the stream reports: %s", async (message, expected) => {
    const { client } = await recordingDaemon(engine(progressAnswer({ errorDetail: { message }, error: message })));
    const auth = { username: "u", password: "very-secret" };
    const options = { remote: "registry:5000/volumes", auth, grantAllPermissions: true };
    const error = await client.installPlugins(options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status: 200, reason: message, operation: "installPlugins" });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("very-secret");
  });

  it.each([
    [400, "plugin own:latest already exists", PluginAlreadyExistsError],
    [409, "plugin own:latest already exists", PluginAlreadyExistsError],
    [401, "unauthorized: authentication required", RegistryAuthenticationError],
    [500, "invalid reference format", BadRequestError],
    [
      500,
      "error resolving plugin reference: pull access denied, repository does not exist or may require authorization: " +
        "authorization failed: no basic auth credentials",
      RegistryAuthenticationError,
    ],
    [
      500,
      "error resolving plugin reference: unexpected status code [manifests 1]: 401 Unauthorized",
      RegistryAuthenticationError,
    ],
    [500, "error resolving plugin reference: registry:5000/volumes:1: not found", NoSuchPluginError],
    [500, "disk on fire", ServerError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon(engine({ status, body: { message } }, []));
    const error = await client.installPlugins({ remote: "registry:5000/volumes:1", name: "own" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "installPlugins" });
    if (error instanceof PluginAlreadyExistsError) expect(error.plugin).toBe("own");
    if (error instanceof NoSuchPluginError) expect(error.plugin).toBe("registry:5000/volumes:1");
  });

  it("rejects when the privileges cannot be read", async () => {
    const { client, lines } = await recordingDaemon({ status: 500, body: { message: "no basic auth credentials" } });
    const install = client.installPlugins({ remote: "volumes", grantAllPermissions: true });
    await expect(install).rejects.toBeInstanceOf(RegistryAuthenticationError);
    expect(lines()).toHaveLength(1);
  });

  it("rejects invalid options before anything is sent", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.installPlugins({ remote: "" })).rejects.toBeInstanceOf(NoSuchPluginError);
    const nothing = {} as InstallPluginsOptions; // possible in JavaScript
    const error = await client.installPlugins(nothing).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: "remote", operation: "installPlugins" });
    expect(lines()).toEqual([]);
  });

  it("requires API 1.25", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.24" });
    await expect(client.installPlugins({ remote: "volumes" })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });
});
