import type { ContainerSpec, Privileges, ReferenceFileTarget } from "../../types/container-spec.js";
import type { PluginPrivilege } from "../../types/plugin.js";
import type { ServiceSpec, UpdateConfig } from "../../types/service.js";
import type { NetworkAttachmentConfig } from "../../types/service-network.js";
import type { TaskResources, TaskSpec } from "../../types/task-spec.js";
import { healthConfig, mount, ulimit } from "./containers.js";
import { empty, list, map, type MembersOf, value } from "./shape.js";
import { driver } from "./swarm.js";

const file: MembersOf<ReferenceFileTarget> = { Name: value, UID: value, GID: value, Mode: value };

const privileges: MembersOf<Privileges> = {
  CredentialSpec: { Config: value, File: value, Registry: value },
  SELinuxContext: { Disable: value, User: value, Role: value, Type: value, Level: value },
  Seccomp: { Mode: value, Profile: value },
  AppArmor: { Mode: value },
  NoNewPrivileges: value,
};

const containerSpec: MembersOf<ContainerSpec> = {
  Image: value,
  Labels: map,
  Command: list,
  Args: list,
  Hostname: value,
  Env: list,
  Dir: value,
  User: value,
  Groups: list,
  Privileges: privileges,
  TTY: value,
  OpenStdin: value,
  ReadOnly: value,
  Mounts: [mount],
  StopSignal: value,
  StopGracePeriod: value,
  Healthcheck: healthConfig,
  HealthCheck: healthConfig,
  Hosts: list,
  DNSConfig: { Nameservers: list, Search: list, Options: list },
  Secrets: [{ File: file, SecretID: value, SecretName: value }],
  Configs: [{ File: file, Runtime: empty, ConfigID: value, ConfigName: value }],
  Isolation: value,
  Init: value,
  Sysctls: map,
  CapabilityAdd: list,
  CapabilityDrop: list,
  Ulimits: [ulimit],
  OomScoreAdj: value,
};

export const pluginPrivilege: MembersOf<PluginPrivilege> = { Name: value, Description: value, Value: list };

const resources: MembersOf<TaskResources> = {
  Limits: { NanoCPUs: value, MemoryBytes: value, Pids: value },
  Reservations: {
    NanoCPUs: value,
    NanoCpus: value,
    MemoryBytes: value,
    GenericResources: [{ NamedResourceSpec: { Kind: value, Value: value }, DiscreteResourceSpec: { Kind: value, Value: value } }],
  },
  SwapBytes: value,
  MemorySwappiness: value,
};

const network: MembersOf<NetworkAttachmentConfig> = { Target: value, Aliases: list, DriverOpts: map };

const taskSpec: MembersOf<TaskSpec> = {
  ContainerSpec: containerSpec,
  PluginSpec: {
    Name: value,
    Remote: value,
    Disabled: value,
    PluginPrivilege: [pluginPrivilege],
    Privileges: [pluginPrivilege],
    Env: list,
  },
  NetworkAttachmentSpec: { ContainerID: value },
  Resources: resources,
  RestartPolicy: { Condition: value, Delay: value, MaxAttempts: value, Window: value },
  Placement: {
    Constraints: list,
    Preferences: [{ Spread: { SpreadDescriptor: value } }],
    MaxReplicas: value,
    Platforms: [{ Architecture: value, OS: value }],
  },
  ForceUpdate: value,
  Runtime: value,
  Networks: [network],
  LogDriver: driver,
};

const updateConfig: MembersOf<UpdateConfig> = {
  Parallelism: value,
  Delay: value,
  FailureAction: value,
  Monitor: value,
  MaxFailureRatio: value,
  Order: value,
};

export const serviceSpec: MembersOf<ServiceSpec> = {
  Name: value,
  Labels: map,
  TaskTemplate: taskSpec,
  Mode: {
    Replicated: { Replicas: value },
    Global: empty,
    ReplicatedJob: { MaxConcurrent: value, TotalCompletions: value },
    GlobalJob: empty,
  },
  UpdateConfig: updateConfig,
  RollbackConfig: updateConfig,
  Networks: [network],
  EndpointSpec: {
    Mode: value,
    Ports: [{ Name: value, Protocol: value, TargetPort: value, PublishedPort: value, PublishMode: value }],
  },
};
