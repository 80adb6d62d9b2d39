import { expect, test } from "vitest";
import { checkedName, randomName } from "../../../lib/engine/containers/container-names.js";
import { completeHostConfig, containerConfig, newId } from "../../../lib/engine/containers/create-config.js";
import type { ImageConfigFile } from "../../../lib/engine/store/image-config.js";
import type { ContainerCreateRequest } from "../../../lib/types/container-requests.js";
import type { HostConfig } from "../../../lib/types/host-config.js";
import type { ImageConfig } from "../../../lib/types/image.js";

const executor = { name: "program", cgroupVersion: undefined };

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
  expect(completeHostConfig(null, executor)).toMatchObject({
    NetworkMode: "bridge",
    RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
    LogConfig: { Type: "json-file", Config: {} },
    ShmSize: 67_108_864,
    Runtime: "program",
  });
  expect(completeHostConfig({ NetworkMode: "default", Privileged: true }, executor)).toMatchObject({
    NetworkMode: "bridge",
    MaskedPaths: null,
    ReadonlyPaths: null,
  });
  expect(completeHostConfig({ RestartPolicy: { Name: "always" } }, executor).RestartPolicy).toEqual({
    Name: "always",
    MaximumRetryCount: 0,
  });
});

test.each([
  [{ Memory: 1024 }, "Minimum memory limit allowed is 6MB"],
  [{ Memory: 16e6, MemorySwap: 8e6 }, "Minimum memoryswap limit should be larger than memory limit"],
  [{ MemorySwap: 8e6 }, "You should always set the Memory limit when using Memoryswap limit"],
  [{ Memory: 16e6, MemoryReservation: 17e6 }, "can not be less than memory reservation limit"],
  [{ MemoryReservation: 1 }, "Minimum memory reservation allowed is 6MB"],
  [{ MemorySwappiness: 101 }, "Invalid value: 101, valid memory swappiness range is 0-100"],
  [{ NanoCpus: 1, CpuQuota: 1 }, "Conflicting options: Nano CPUs and CPU Quota cannot both be set"],
  [{ NanoCpus: 1, CpuPeriod: 1 }, "Conflicting options: Nano CPUs and CPU Period cannot both be set"],
  [{ NanoCpus: -1 }, "range of CPUs is from 0.01 to"],
  [{ CpuShares: -1 }, "invalid CPU shares (-1): value must be a positive integer"],
  [{ CpuPeriod: 10 }, "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"],
  [{ CpuQuota: 10 }, "CPU cfs quota can not be less than 1ms (i.e. 1000)"],
  [{ CpusetCpus: "x" }, "Invalid value x for cpuset cpus: invalid format: x"],
  [{ CpusetMems: "0-9" }, "Requested memory nodes are not available - requested 0-9, available: 0"],
  [{ OomScoreAdj: 2000 }, "Invalid value 2000, range for oom score adj is [-1000, 1000]"],
  [{ IOMaximumIOps: 1 }, "invalid option: QoS maximum IOPs configuration is not supported on linux"],
  [{ IpcMode: "x" }, "invalid IPC mode: x"],
  [{ PidMode: "x" }, "invalid PID mode: x"],
  [{ UTSMode: "x" }, "invalid UTS mode: x"],
  [{ CgroupnsMode: "x" }, "invalid cgroup namespace mode: x"],
  [{ NetworkMode: "container:" }, "invalid network mode: invalid container format container:<name|id>"],
  [{ NetworkMode: "container:a", Dns: ["1.1.1.1"] }, "conflicting options: dns and the network mode"],
  [{ NetworkMode: "container:a", PublishAllPorts: true }, "conflicting options: port publishing and the container type"],
  [{ CapAdd: ["NOSUCH"] }, 'invalid CapAdd: unknown capability: "CAP_NOSUCH"'],
  [{ CapDrop: ["cap_nosuch"] }, 'invalid CapDrop: unknown capability: "CAP_NOSUCH"'],
  [{ ExtraHosts: ["none"] }, 'bad format for add-host: "none"'],
  [{ ExtraHosts: ["a:x"] }, 'invalid IP address in add-host: "x"'],
  [{ PortBindings: { "x/tcp": [] } }, 'invalid port specification: "x"'],
  [{ PortBindings: { "80/tcp": [{ HostPort: "99999" }] } }, 'invalid port specification: "99999"'],
  [{ Isolation: "hyperv" }, "invalid isolation (hyperv): linux only supports 'default'"],
  [{ Annotations: { "": "x" } }, "the empty string is not permitted as an annotation key"],
  [{ Runtime: "nosuch" }, "unknown or invalid runtime name: nosuch"],
  [{ LogConfig: { Type: "nosuch" } }, 'error looking up logging plugin nosuch: plugin "nosuch" not found'],
  [{ LogConfig: { Type: "json-file", Config: { a: "b" } } }, "unknown log opt 'a' for json-file log driver"],
  [
    { LogConfig: { Type: "json-file", Config: { "labels-regex": "(" } } },
    "invalid log opt 'labels-regex': error parsing regexp: (",
  ],
  [{ ShmSize: -1 }, "SHM size can not be less than 0"],
  [{ RestartPolicy: { Name: "sometimes" } }, "invalid restart policy: unknown policy 'sometimes'"],
  [{ RestartPolicy: { Name: "always", MaximumRetryCount: 1 } }, "maximum retry count can only be used with 'on-failure'"],
  [{ RestartPolicy: { Name: "on-failure", MaximumRetryCount: -1 } }, "maximum retry count cannot be negative"],
  [{ RestartPolicy: { Name: "always" }, AutoRemove: true }, "can't create 'AutoRemove' container with restart policy"],
])("the host settings %j are refused", (settings, message) => {
  const refused = (): HostConfig => completeHostConfig(settings as HostConfig, executor);
  expect(refused).toThrow(expect.objectContaining({ status: 400 }));
  expect(refused).toThrow(message);
});

test.each([
  [{ SecurityOpt: ["bad"] }, 500, 'invalid --security-opt 1: "bad"'],
  [{ SecurityOpt: ["a=b"] }, 500, 'invalid --security-opt 2: "a=b"'],
  [{ StorageOpt: { size: "1G" } }, 501, "StorageOpt is not supported"],
  [{ LogConfig: { Type: "syslog" } }, 501, "does not have the log driver syslog"],
])("the host settings %j are refused with status %i", (settings, status, message) => {
  const refused = (): HostConfig => completeHostConfig(settings, executor);
  expect(refused).toThrow(expect.objectContaining({ status }));
  expect(refused).toThrow(message);
});

test("settings that Docker accepts are accepted", () => {
  const settings: HostConfig = {
    CapAdd: ["net_admin", "CAP_SYS_TIME", "ALL"],
    SecurityOpt: ["no-new-privileges", "seccomp=unconfined", "label:disable", "apparmor=unconfined"],
    ExtraHosts: ["a:1.2.3.4", "b=::1", "c:[::1]", "d:host-gateway"],
    PortBindings: { "80": [{ HostPort: "8000-8010" }], "53/udp": null as never, "1-3/tcp": [{ HostPort: "" }] },
    CpusetCpus: "0",
    IpcMode: "shareable",
    LogConfig: { Type: "json-file", Config: { "max-size": "1m", labels: "a" } },
  };
  expect(completeHostConfig(settings, executor)).toMatchObject(settings);
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
