import type { ClusterVolumeSpec } from "../../types/cluster-volume.js";
import type { Driver } from "../../types/common.js";
import type { ConfigSpec } from "../../types/config.js";
import type { NodeSpec } from "../../types/node.js";
import type { SecretSpec } from "../../types/secret.js";
import type { SwarmSpec } from "../../types/swarm-spec.js";
import { empty, list, map, type MembersOf, value } from "./shape.js";

export const driver: MembersOf<Driver> = { Name: value, Options: map };

export const swarmSpec: MembersOf<SwarmSpec> = {
  Name: value,
  Labels: map,
  Orchestration: { TaskHistoryRetentionLimit: value },
  Raft: {
    SnapshotInterval: value,
    KeepOldSnapshots: value,
    LogEntriesForSlowFollowers: value,
    ElectionTick: value,
    HeartbeatTick: value,
  },
  Dispatcher: { HeartbeatPeriod: value },
  CAConfig: {
    NodeCertExpiry: value,
    ExternalCAs: [{ Protocol: value, URL: value, Options: map, CACert: value }],
    SigningCACert: value,
    SigningCAKey: value,
    ForceRotate: value,
  },
  EncryptionConfig: { AutoLockManagers: value },
  TaskDefaults: { LogDriver: driver },
};

export const nodeSpec: MembersOf<NodeSpec> = { Name: value, Labels: map, Role: value, Availability: value };

export const secretSpec: MembersOf<SecretSpec> = {
  Name: value,
  Labels: map,
  Data: value,
  Driver: driver,
  Templating: driver,
};

export const configSpec: MembersOf<ConfigSpec> = { Name: value, Labels: map, Data: value, Templating: driver };

export const clusterVolumeSpec: MembersOf<ClusterVolumeSpec> = {
  Group: value,
  AccessMode: { Scope: value, Sharing: value, MountVolume: { FsType: value, MountFlags: list }, BlockVolume: empty },
  Secrets: [{ Key: value, Secret: value }],
  AccessibilityRequirements: { Requisite: [{ Segments: map }], Preferred: [{ Segments: map }] },
  CapacityRange: { RequiredBytes: value, LimitBytes: value },
  Availability: value,
};
