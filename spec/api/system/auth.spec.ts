import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { AuthConfiguration } from "../../../lib/auth/auth-configuration.js";
import { ServerError } from "../../../lib/errors/api-error.js";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { RegistryAuthenticationError } from "../../../lib/errors/stream-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

const credentials = { username: "somebody", password: "s3cr3t", serveraddress: "registry.example.com:5000" };

describe("Client.authCheck", () => {
  it("sends the credentials in the body", async () => {
    const { client, requests, lines } = await recordingDaemon({ body: { Status: "Login Succeeded", IdentityToken: "t" } });
    expect(await client.authCheck(credentials)).toEqual({ Status: "Login Succeeded", IdentityToken: "t" });
    expect(lines()).toEqual(["POST /v1.51/auth"]);
    expect(JSON.parse(requests[0]!.body.toString())).toEqual(credentials);
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
  });

  it("sends the other fields", async () => {
    const { client, requests } = await recordingDaemon({ body: { Status: "" } });
    await client.authCheck({ email: "a@b", identitytoken: "i", registrytoken: "r", username: undefined });
    expect(JSON.parse(requests[0]!.body.toString())).toEqual({ email: "a@b", identitytoken: "i", registrytoken: "r" });
  });

  it("splits the auth member of config files", async () => {
    const { client, requests } = await recordingDaemon({ body: { Status: "" } });
    const auth = Buffer.from("somebody:s3cr3t").toString("base64");
    await client.authCheck({ auth, serveraddress: "r:1" });
    expect(JSON.parse(requests[0]!.body.toString())).toEqual({ username: "somebody", password: "s3cr3t", serveraddress: "r:1" });
  });

  it("accepts a response without a status text", async () => {
    const { client } = await recordingDaemon({ status: 204 });
    expect(await client.authCheck(credentials)).toEqual({ Status: "" });
  });

  it("rejects a response that is not JSON", async () => {
    const { client } = await recordingDaemon({ body: "fine" });
    await expect(client.authCheck(credentials)).rejects.toThrow(ProtocolError);
  });

  it.each([
    [401, "unauthorized: incorrect username or password", RegistryAuthenticationError],
    [401, "whatever", RegistryAuthenticationError],
    [403, "denied: requested access to the resource is denied", RegistryAuthenticationError],
    [500, "login attempt to http://r/v2/ failed with status: 401 Unauthorized", RegistryAuthenticationError],
    [500, "Get https://r/v2/: dial tcp: connection refused", ServerError],
  ])("maps %i (%s) to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const failing = client.authCheck(credentials);
    await expect(failing).rejects.toThrow(expected);
    await expect(failing).rejects.toMatchObject({ status, reason: message, operation: "authCheck" });
  });

  it.each([
    [undefined, "docker.io"],
    ["https://index.docker.io/v1/", "docker.io"],
    ["https://r.example.com:5000/v2/", "r.example.com:5000"],
  ])("names the registry of %s", async (serveraddress, registry) => {
    const { client } = await recordingDaemon({ status: 401, body: { message: "no" } });
    await expect(client.authCheck({ ...credentials, serveraddress })).rejects.toMatchObject({ registry });
  });

  it.each([
    [{ ...credentials, auth: "s3cr3t" }, "auth"],
    [{ ...credentials, passwd: "s3cr3t" }, "passwd"],
  ])("rejects %o and repeats none of it in the error", async (options, option) => {
    const { client, requests } = await recordingDaemon();
    const error: unknown = await client.authCheck(options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option });
    expect(inspect(error, { depth: 9 })).not.toContain("s3cr3t");
    expect(requests).toEqual([]);
  });

  it.each([{}, 5, ["registry.example"], null])("rejects the serveraddress %j before anything is sent", async (serveraddress) => {
    const { client, lines } = await recordingDaemon();
    const options = { ...credentials, serveraddress } as unknown as AuthConfiguration; // possible in JavaScript
    await expect(client.authCheck(options)).rejects.toMatchObject({ name: "InvalidOptionError", option: "serveraddress" });
    expect(lines()).toEqual([]);
  });

  it.each([
    ["an error status", { status: 401, body: { message: "no" } }],
    ["a broken connection", { handle: (request) => request.socket.destroy() }],
    ["an answer that is not JSON", { body: "fine" }],
  ] satisfies [string, Answer][])("hides the credentials from interceptors and errors: %s", async (_, answer) => {
    const { client } = await recordingDaemon(answer);
    const seen: string[] = [];
    client.axios.interceptors.request.use((config) => {
      seen.push(inspect(config, { depth: 20, showHidden: true, getters: true }));
      return config;
    });
    client.axios.interceptors.response.use(
      (response) => {
        seen.push(inspect(response, { depth: 20, showHidden: true }));
        return response;
      },
      (error: unknown) => {
        seen.push(inspect(error, { depth: 20, showHidden: true }));
        throw error;
      },
    );
    const error: unknown = await client.authCheck(credentials).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Error);
    expect(seen).toHaveLength(2);
    for (const text of [...seen, inspect(error, { depth: 20, showHidden: true })]) {
      expect(text).not.toContain("s3cr3t");
      expect(text).not.toContain("somebody");
    }
  });
});
