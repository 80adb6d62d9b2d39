import { expect, test } from "vitest";
import { checkedName, randomName } from "../../../lib/engine/containers/container-names.js";
import { completeHostConfig, containerConfig, newId } from "../../../lib/engine/containers/create-config.js";
import type { ImageConfigFile } from "../../../lib/engine/store/image-config.js";
import type { ContainerCreateRequest } from "../../../lib/types/container-requests.js";
import type { HostConfig } from "../../../lib/types/host-config.js";
import type { ImageConfig } from "../../../lib/types/image.js";

const ID = "0123456789abcdef";

const merged = (request: Omit<ContainerCreateRequest, "Image">, config: ImageConfig = {}, network = "bridge") =>
  containerConfig({ Image: "box", ...request }, { config } as Partial<ImageConfigFile> as ImageConfigFile, ID, network);

test("the command of an image belongs to its entrypoint", () => {
  const image = { Entrypoint: ["/entry"], Cmd: ["default"] };
  expect(merged({}, image)).toMatchObject({ Entrypoint: ["/entry"], Cmd: ["default"] });
  expect(merged({ Cmd: ["own"] }, image)).toMatchObject({ Entrypoint: ["/entry"], Cmd: ["own"] });
  expect(merged({ Entrypoint: ["own"] }, image)).toMatchObject({ Entrypoint: ["own"], Cmd: null });
  expect(merged({ Entrypoint: [] }, image)).toMatchObject({ Entrypoint: [], Cmd: ["default"] });
  expect(merged({ Entrypoint: [""], Cmd: ["own"] }, image)).toMatchObject({ Entrypoint: null, Cmd: ["own"] });
  expect(() => merged({ Entrypoint: [""] }, image)).toThrow("no command specified");
  expect(() => merged({}, {})).toThrow("no command specified");
});

test("settings of the request hide those of the image, and maps are merged", () => {
  const image = {
    Cmd: ["sh"],
    Env: ["PATH=/bin", "A=image"],
    Labels: { a: "image", b: "image" },
    User: "guest",
    WorkingDir: "/data",
    Volumes: { "/v": {} },
    ExposedPorts: { "80/tcp": {} },
    StopSignal: "SIGINT",
  };
  const config = merged(
    { Env: ["A=own", "B="], Labels: { a: "own" }, ExposedPorts: { "443/tcp": {} }, Volumes: { "/own": {} } },
    image,
  );
  expect(config.Env).toEqual(["A=own", "B=", "PATH=/bin"]); // in the order of Docker
  expect(config).toMatchObject({
    Labels: { a: "own", b: "image" },
    User: "guest",
    WorkingDir: "/data",
    Volumes: { "/own": {}, "/v": {} },
    ExposedPorts: { "443/tcp": {}, "80/tcp": {} },
    StopSignal: "SIGINT",
    Hostname: ID.slice(0, 12),
  });
  expect(merged({ Env: ["A"] }, image).Env).toEqual(["A", "PATH=/bin"]); // a bare name removes the variable of the image
  expect(merged({}, image, "host").Hostname).toBe("");
});

test("a health check is merged member by member", () => {
  const image = { Cmd: ["sh"], Healthcheck: { Test: ["CMD", "true"], Retries: 5, Interval: 2_000_000 } };
  expect(merged({ Healthcheck: { Retries: 7, Interval: 0 } }, image).Healthcheck).toEqual({ ...image.Healthcheck, Retries: 7 });
  expect(merged({}, image).Healthcheck).toEqual(image.Healthcheck);
  expect(() => merged({ Healthcheck: { Timeout: 5 } }, image)).toThrow("Timeout in Healthcheck cannot be less than 1ms");
  expect(() => merged({ Healthcheck: { Retries: -1 } }, image)).toThrow("Retries in Healthcheck cannot be negative");
});

test("malformed settings are refused", () => {
  expect(() => merged({ Cmd: ["sh"], Env: ["=x"] })).toThrow("invalid environment variable: =x");
  expect(() => merged({ Cmd: ["sh"], WorkingDir: "relative" })).toThrow("needs to be an absolute path");
});

test("host settings get their defaults", () => {
  expect(completeHostConfig(null, "program")).toMatchObject({
    NetworkMode: "bridge",
    RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
    LogConfig: { Type: "json-file", Config: {} },
    ShmSize: 67_108_864,
    Runtime: "program",
  });
  expect(completeHostConfig({ NetworkMode: "default", Privileged: true }, "program")).toMatchObject({
    NetworkMode: "bridge",
    MaskedPaths: null,
    ReadonlyPaths: null,
  });
  expect(completeHostConfig({ RestartPolicy: { Name: "always" } }, "program").RestartPolicy).toEqual({
    Name: "always",
    MaximumRetryCount: 0,
  });
});

test.each([
  [{ Memory: 1024 }, "Minimum memory limit allowed is 6MB"],
  [{ Memory: 16e6, MemorySwap: 8e6 }, "Minimum memoryswap limit should be larger than memory limit"],
  [{ MemorySwap: 8e6 }, "You should always set the Memory limit when using Memoryswap limit"],
  [{ NanoCpus: 1, CpuQuota: 1 }, "Nano CPUs and CPU Period or Quota cannot both be set"],
  [{ ShmSize: -1 }, "SHM size can not be less than 0"],
  [{ RestartPolicy: { Name: "sometimes" } }, "invalid restart policy: unknown policy 'sometimes'"],
  [{ RestartPolicy: { Name: "always", MaximumRetryCount: 1 } }, "maximum retry count can only be used with 'on-failure'"],
  [{ RestartPolicy: { Name: "on-failure", MaximumRetryCount: -1 } }, "maximum retry count cannot be negative"],
  [{ RestartPolicy: { Name: "always" }, AutoRemove: true }, "can't create 'AutoRemove' container with restart policy"],
])("the host settings %j are refused", (settings, message) => {
  const refused = (): HostConfig => completeHostConfig(settings as HostConfig, "program");
  expect(refused).toThrow(expect.objectContaining({ status: 400 }));
  expect(refused).toThrow(message);
});

test("names are checked, and random ones are free", () => {
  expect(checkedName("/web_1.x-2")).toBe("web_1.x-2");
  for (const name of ["", "a", "-ab", "a b", "ü1", "a/b"])
    expect(() => checkedName(name), name).toThrow("Invalid container name");
  const taken = new Set<string>();
  for (let count = 0; count < 6000; count += 1) {
    const name = randomName((other) => taken.has(other));
    expect(taken.has(name)).toBe(false);
    expect(checkedName(name)).toBe(name);
    taken.add(name);
  }
  expect(newId()).toMatch(/^[0-9a-f]{64}$/);
});
