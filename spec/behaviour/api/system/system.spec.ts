import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { toEnv } from "../../../../lib/api/system/env.js";
import { Client } from "../../../../lib/client.js";
import { ApiError, NotFoundError } from "../../../../lib/errors/api-error.js";
import { RegistryAuthenticationError } from "../../../../lib/errors/stream-errors.js";
import { apiVersion, client, container, needsApi, podmanVersion, runningContainer, useEngine } from "../../../support/engine.js";

useEngine();

describe("the engine", () => {
  it("describes itself", async () => {
    const id = await container({ Cmd: ["true"] });
    const found = await client.info();
    expect(found.Containers).toBeGreaterThan(0);
    expect(found.OSType).toBe("linux");
    expect(toEnv(found).getInt("Containers")).toBe(found.Containers);
    expect(toEnv(found).get("ServerVersion")).toBe((await client.version()).Version);
    await client.removeContainer({ id });
  });

  it("reports its versions", async () => {
    const { ApiVersion, Version, Os } = await client.version();
    expect(ApiVersion).toMatch(/^1\.\d+$/);
    expect([Version, Os]).toEqual([expect.stringMatching(/\d/), "linux"]);
  });

  it("answers pings with its API version", async () => {
    await using fresh = Client.fromEnv();
    const answer = await fresh.ping();
    // Podman omits it
    expect(answer.OSType ?? "linux").toBe("linux");
    expect(answer.ApiVersion).toMatch(/^1\.\d+$/);
    expect(fresh.apiVersion).toBe(apiVersion);
    expect(await fresh.pingHead()).toEqual(answer);
  });

  it("reports its disk usage", async () => {
    const found = await client.diskUsage();
    const images = found.Images ?? found.ImageUsage;
    expect(images).toBeTruthy();
  });

  it("reports only the requested types", async (context) => {
    needsApi(context, "1.42", "types of diskUsage");
    const found = await client.diskUsage({ types: "volume" });
    expect(found.Volumes ?? found.VolumeUsage).toBeTruthy();
    expect(found.Images?.length ?? found.ImageUsage?.TotalCount ?? 0).toBe(0);
  });
});

describe("Client.request", () => {
  it("returns the response unchanged", async () => {
    const id = await container({ Cmd: ["true"] });
    const filters = JSON.stringify({ id: [id] });
    const { status, headers, body } = await client.request({ path: "/containers/json", query: { all: true, filters } });
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    expect(JSON.parse(await text(body))).toMatchObject([{ Id: id }]);
  });

  it("sends a body", async () => {
    const id = await runningContainer(["sleep", "600"]);
    const { status, body } = await client.request({ method: "POST", path: `/containers/${id}/exec`, body: { Cmd: ["ls"] } });
    expect([status, JSON.parse(await text(body))]).toEqual([201, { Id: expect.stringMatching(/^[\da-f]{64}$/) }]);
  });

  it("upgrades the connection", async () => {
    const id = await runningContainer(["cat"], { config: { OpenStdin: true, Tty: true } });
    const query = { stream: 1, stdin: 1, stdout: 1 };
    const stream = await client.request({ method: "POST", path: `/containers/${id}/attach`, query, hijack: true });
    stream.write("hello\n");
    let received = "";
    for await (const chunk of stream) {
      received += String(chunk);
      if (received.includes("hello\r\nhello\r\n")) break;
    }
    expect(received).toContain("hello\r\nhello\r\n");
  });

  it("rejects on an error status unless errors is false", async () => {
    const path = "/containers/tsdc-no-such-container/json";
    await expect(client.request({ path })).rejects.toThrow(NotFoundError);
    const { status, body } = await client.request({ path, errors: false });
    expect([status, JSON.parse(await text(body))]).toMatchObject([404, { message: expect.stringMatching(/no such container/i) }]);
  });
});

describe("authCheck", () => {
  const { TESTBED_REGISTRY: serveraddress, TESTBED_REGISTRY_USER: username, TESTBED_REGISTRY_PASSWORD: password } = process.env;

  it("verifies credentials against a registry", async (context) => {
    context.skip(serveraddress === undefined, "needs a registry to try credentials on: TESTBED_REGISTRY is not set");
    context.skip(
      podmanVersion !== undefined,
      "Podman verifies credentials only over HTTPS, which the registry of the test bed lacks",
    );
    expect((await client.authCheck({ serveraddress, username, password })).Status).toMatch(/succeeded/i);
    const failing = client.authCheck({ serveraddress, username, password: "wrong-s3cr3t" });
    await expect(failing).rejects.toThrow(RegistryAuthenticationError);
    await expect(failing).rejects.not.toThrow("wrong-s3cr3t");
  });

  it("rejects when the registry is unreachable", async () => {
    const failing = client.authCheck({ serveraddress: "127.0.0.1:9", username: "somebody", password: "s3cr3t" });
    await expect(failing).rejects.toThrow(ApiError);
    await expect(failing).rejects.not.toThrow("s3cr3t");
  });
});
