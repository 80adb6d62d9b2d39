import type { ObjectVersion } from "./common.js";

/** How many old tasks a swarm remembers. @category Swarm */
export interface SwarmOrchestration {
  /** Old tasks that are kept for each instance or node. Below zero: all of them. */
  TaskHistoryRetentionLimit?: number;
}

/** Settings of the log that the managers share. @category Swarm */
export interface SwarmRaft {
  /** Entries of the log between two snapshots. */
  SnapshotInterval?: number;
  /** Snapshots that are kept beside the current one. */
  KeepOldSnapshots?: number;
  /** Entries that are kept after a snapshot, for managers that lag behind. */
  LogEntriesForSlowFollowers?: number;
  /**
   * Ticks without a word from the leader until a manager calls an election. Must be more than `HeartbeatTick`. A tick is about a
   * second.
   */
  ElectionTick?: number;
  /** Ticks between two heartbeats of the leader. A tick is about a second. */
  HeartbeatTick?: number;
}

/** How nodes report to the managers. @category Swarm */
export interface SwarmDispatcher {
  /** Time between two heartbeats of a node, in nanoseconds. */
  HeartbeatPeriod?: number;
}

/**
 * Protocols of external certificate authorities.
 *
 * @enum
 * @category Swarm
 */
export const SwarmExternalCAProtocol = {
  /** CloudFlare's CFSSL. */
  CFSSL: "cfssl",
} as const;

/** Protocols of external certificate authorities. @category Swarm */
export type SwarmExternalCAProtocol = (typeof SwarmExternalCAProtocol)[keyof typeof SwarmExternalCAProtocol];

/** A certificate authority outside the swarm that signs the nodes' certificates. @category Swarm */
export interface SwarmExternalCA {
  /** How to talk to it. */
  Protocol?: SwarmExternalCAProtocol;
  /** Where it is asked for certificates. */
  URL?: string;
  /** Further settings that the protocol has. */
  Options?: Record<string, string>;
  /** Its root certificate, in PEM. API 1.30+. */
  CACert?: string;
}

/** Settings of the swarm's certificates. @category Swarm */
export interface SwarmCAConfig {
  /** How long a node's certificate is good for, in nanoseconds. */
  NodeCertExpiry?: number;
  /** Authorities to ask in place of the swarm's own. */
  ExternalCAs?: SwarmExternalCA[];
  /** The root certificate to sign with, in PEM. API 1.30+. */
  SigningCACert?: string;
  /** Its private key, in PEM. Engines take it and never send it. API 1.30+. */
  SigningCAKey?: string;
  /** A number whose change makes the swarm issue a new root certificate, where none is given. API 1.30+. */
  ForceRotate?: number;
}

/** Whether managers start locked. @category Swarm */
export interface SwarmEncryptionConfig {
  /** Whether a manager that has restarted waits to be unlocked with a key. */
  AutoLockManagers?: boolean;
}

/** A log driver, by name and options. @category Swarm */
export interface SwarmLogDriver {
  /** Name of the driver, such as `json-file`. */
  Name?: string;
  /** Options of the driver. */
  Options?: Record<string, string>;
}

/** What tasks have that say nothing of their own. @category Swarm */
export interface SwarmTaskDefaults {
  /** Where output goes. Tasks that exist keep the driver they have. */
  LogDriver?: SwarmLogDriver;
}

/** Settings of a swarm. @category Swarm */
export interface SwarmSpec {
  /** Name of the swarm: `default`. */
  Name?: string;
  /** Labels of the swarm. */
  Labels?: Record<string, string> | null;
  /** How many old tasks are remembered. */
  Orchestration?: SwarmOrchestration | null;
  /** The managers' log. */
  Raft?: SwarmRaft;
  /** How nodes report. */
  Dispatcher?: SwarmDispatcher | null;
  /** Certificates. */
  CAConfig?: SwarmCAConfig | null;
  /** Whether managers start locked. */
  EncryptionConfig?: SwarmEncryptionConfig;
  /** What tasks have that say nothing of their own. */
  TaskDefaults?: SwarmTaskDefaults;
}

/** The root that the nodes of a swarm trust. @category Swarm */
export interface TLSInfo {
  /** Root certificates, in PEM. */
  TrustRoot?: string;
  /** Subject of the certificate that issues the nodes' ones, in base64. */
  CertIssuerSubject?: string;
  /** Public key of that certificate, in base64. */
  CertIssuerPublicKey?: string;
}

/** A swarm, without the tokens that let nodes join it. @category Swarm */
export interface ClusterInfo {
  /** ID of the swarm. */
  ID: string;
  /** Version of this object. */
  Version: ObjectVersion;
  /** When the swarm was made, in RFC 3339. */
  CreatedAt: string;
  /** When it was last changed, in RFC 3339. */
  UpdatedAt: string;
  /** Its settings. */
  Spec: SwarmSpec;
  /** The root that its nodes trust. API 1.30+. */
  TLSInfo?: TLSInfo;
  /** Whether the root certificate is being replaced now. API 1.30+. */
  RootRotationInProgress?: boolean;
  /** Address ranges, in CIDR notation, that networks of the swarm take their subnets from. API 1.39+. */
  DefaultAddrPool?: string[] | null;
  /** Length of the prefix of those subnets, in bits. API 1.39+. */
  SubnetSize?: number;
  /** UDP port of the traffic between containers on different nodes. API 1.40+. */
  DataPathPort?: number;
}
