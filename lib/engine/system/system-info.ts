import { cpus, release, totalmem } from "node:os";
import type { SystemInfo } from "../../types/system-info.js";
import type { SystemVersion } from "../../types/version.js";
import { rfc3339 } from "../containers/record.js";
import { defaultPools } from "../networks/pools.js";
import { type EngineFacts, goArchitecture, kernelArchitecture, PRODUCT } from "./engine-facts.js";

/** What changes while an engine runs. */
export interface EngineCounts {
  /** Number of running containers. */
  readonly running: number;
  /** Number of paused containers. */
  readonly paused: number;
  /** Number of containers that neither run nor are paused. */
  readonly stopped: number;
  /** Number of images. */
  readonly images: number;
  /** Number of clients that listen to events. */
  readonly listeners: number;
  /** The time in nanoseconds since 1970. */
  readonly now: bigint;
}

/** Returns what `info` reports. Members that Docker has as null are null. */
export function systemInfo(facts: EngineFacts, counts: EngineCounts): { [Name in keyof SystemInfo]: unknown } {
  const { running, paused, stopped } = counts;
  const limits = facts.enforcesLimits;
  return {
    ID: facts.id,
    Containers: running + paused + stopped,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: stopped,
    Images: counts.images,
    Driver: "layers",
    DriverStatus: facts.executor,
    Plugins: { Volume: ["local"], Network: ["bridge", "host", "null"], Authorization: null, Log: ["json-file", "local", "none"] },
    MemoryLimit: limits,
    SwapLimit: limits,
    CpuCfsPeriod: limits,
    CpuCfsQuota: limits,
    CPUShares: limits,
    CPUSet: limits,
    PidsLimit: limits,
    IPv4Forwarding: true,
    Debug: false,
    NFd: 0,
    OomKillDisable: false,
    NGoroutines: 0,
    SystemTime: rfc3339(counts.now),
    LoggingDriver: "json-file",
    CgroupDriver: facts.cgroupVersion === undefined ? "none" : "cgroupfs",
    CgroupVersion: facts.cgroupVersion ?? "2",
    NEventsListener: counts.listeners,
    KernelVersion: release(),
    OperatingSystem: PRODUCT,
    OSVersion: "",
    OSType: "linux",
    Architecture: kernelArchitecture(),
    IndexServerAddress: "https://index.docker.io/v1/",
    RegistryConfig: {
      IndexConfigs: {
        "docker.io": { Mirrors: [], Name: "docker.io", Official: true, Secure: true },
        ...Object.fromEntries(
          facts.insecureRegistries.map((name) => [name, { Mirrors: [], Name: name, Official: false, Secure: false }]),
        ),
      },
      InsecureRegistryCIDRs: ["::1/128", "127.0.0.0/8"],
      Mirrors: null,
    },
    NCPU: cpus().length || 1,
    MemTotal: totalmem(),
    GenericResources: null,
    DockerRootDir: facts.rootDirectory,
    HttpProxy: "",
    HttpsProxy: "",
    NoProxy: "",
    Name: facts.name,
    Labels: facts.labels,
    ExperimentalBuild: false,
    ServerVersion: facts.version,
    Runtimes: Object.fromEntries(facts.runtimes.map((name) => [name, { path: name }])),
    DefaultRuntime: facts.runtimes[0] ?? "",
    Swarm: {
      NodeID: "",
      NodeAddr: "",
      LocalNodeState: "inactive",
      ControlAvailable: false,
      Error: "",
      RemoteManagers: null,
    },
    LiveRestoreEnabled: false,
    Isolation: "",
    InitBinary: "",
    ContainerdCommit: { ID: "" },
    RuncCommit: { ID: "" },
    InitCommit: { ID: "" },
    SecurityOptions: [],
    DefaultAddressPools: defaultPools,
    CDISpecDirs: [],
    Warnings: facts.warnings.length > 0 ? facts.warnings : null,
  };
}

/** Returns what `version` reports. */
export function systemVersion({ version, versions }: EngineFacts): SystemVersion {
  const kernel = release();
  const architecture = goArchitecture();
  const details = {
    ApiVersion: versions.max,
    Arch: architecture,
    Experimental: "false",
    KernelVersion: kernel,
    MinAPIVersion: versions.min,
    Os: "linux",
  };
  return {
    Platform: { Name: PRODUCT },
    Components: [{ Name: "Engine", Version: version, Details: details }],
    Version: version,
    ApiVersion: versions.max,
    MinAPIVersion: versions.min,
    GitCommit: "",
    GoVersion: "",
    Os: "linux",
    Arch: architecture,
    KernelVersion: kernel,
  };
}
