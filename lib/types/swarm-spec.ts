import type { ObjectVersion } from "./common.js";

/** Orchestration settings of a swarm. @category Swarm */
export interface SwarmOrchestration {
  /** Number of old tasks to keep per slot or node. If negative, all are kept. */
  TaskHistoryRetentionLimit?: number;
}

/** Raft settings of a swarm. @category Swarm */
export interface SwarmRaft {
  /** Number of log entries between snapshots. */
  SnapshotInterval?: number;
  /** Number of snapshots to keep besides the current one. */
  KeepOldSnapshots?: number;
  /** Number of log entries to keep after a snapshot for slow followers. */
  LogEntriesForSlowFollowers?: number;
  /**
   * Number of ticks without a message from the leader before a manager starts an election. Must be greater
   * than `HeartbeatTick`. A tick is about one second.
   */
  ElectionTick?: number;
  /** Number of ticks between heartbeats of the leader. A tick is about one second. */
  HeartbeatTick?: number;
}

/** Dispatcher settings of a swarm. @category Swarm */
export interface SwarmDispatcher {
  /** Time between heartbeats of a node, in nanoseconds. */
  HeartbeatPeriod?: number;
}

/**
 * Protocols of external certificate authorities.
 *
 * @enum
 * @category Swarm
 */
export const SwarmExternalCAProtocol = {
  /** Cloudflare CFSSL. */
  CFSSL: "cfssl",
} as const;

/** Protocols of external certificate authorities. @category Swarm */
export type SwarmExternalCAProtocol = (typeof SwarmExternalCAProtocol)[keyof typeof SwarmExternalCAProtocol];

/** An external CA that issues node certificates. @category Swarm */
export interface SwarmExternalCA {
  /** Protocol of the CA. */
  Protocol?: SwarmExternalCAProtocol;
  /** URL for certificate signing requests. */
  URL?: string;
  /** Protocol-specific options. */
  Options?: Record<string, string>;
  /** Root certificate of the CA, in PEM format. Added in API 1.30. */
  CACert?: string;
}

/** CA settings of a swarm. @category Swarm */
export interface SwarmCAConfig {
  /** Validity of node certificates, in nanoseconds. */
  NodeCertExpiry?: number;
  /** External CAs to use instead of the swarm's own CA. */
  ExternalCAs?: SwarmExternalCA[];
  /** Root certificate for signing, in PEM format. Added in API 1.30. */
  SigningCACert?: string;
  /** Private key for signing, in PEM format. Engines never return it. Added in API 1.30. */
  SigningCAKey?: string;
  /** A counter. Changing it rotates the root certificate, unless a signing CA certificate is specified. Added in API 1.30. */
  ForceRotate?: number;
}

/** Encryption settings of a swarm. @category Swarm */
export interface SwarmEncryptionConfig {
  /** Whether managers must be unlocked with a key after a restart. */
  AutoLockManagers?: boolean;
}

/** A logging driver and its options. @category Swarm */
export interface SwarmLogDriver {
  /** Name of the logging driver, such as `json-file`. */
  Name?: string;
  /** Options of the logging driver. */
  Options?: Record<string, string>;
}

/** Default settings of tasks. @category Swarm */
export interface SwarmTaskDefaults {
  /** Default logging driver. Changes do not affect existing tasks. */
  LogDriver?: SwarmLogDriver;
}

/** Settings of a swarm. @category Swarm */
export interface SwarmSpec {
  /** Name of the swarm: `default`. */
  Name?: string;
  /** Labels of the swarm. */
  Labels?: Record<string, string> | null;
  /** Orchestration settings. */
  Orchestration?: SwarmOrchestration | null;
  /** Raft settings. */
  Raft?: SwarmRaft;
  /** Dispatcher settings. */
  Dispatcher?: SwarmDispatcher | null;
  /** CA settings. */
  CAConfig?: SwarmCAConfig | null;
  /** Encryption settings. */
  EncryptionConfig?: SwarmEncryptionConfig;
  /** Default settings of tasks. */
  TaskDefaults?: SwarmTaskDefaults;
}

/** TLS information of a swarm's root CA. @category Swarm */
export interface TLSInfo {
  /** Root certificates, in PEM format. */
  TrustRoot?: string;
  /** Subject of the certificate that issues node certificates, encoded in base64. */
  CertIssuerSubject?: string;
  /** Public key of the certificate that issues node certificates, encoded in base64. */
  CertIssuerPublicKey?: string;
}

/** A swarm, without its join tokens. @category Swarm */
export interface ClusterInfo {
  /** ID of the swarm. */
  ID: string;
  /** Version of the object. */
  Version: ObjectVersion;
  /** Creation time, in RFC 3339 format. */
  CreatedAt: string;
  /** Time of the last update, in RFC 3339 format. */
  UpdatedAt: string;
  /** Settings of the swarm. */
  Spec: SwarmSpec;
  /** TLS information of the root CA. Added in API 1.30. */
  TLSInfo?: TLSInfo;
  /** Whether a root certificate rotation is in progress. Added in API 1.30. */
  RootRotationInProgress?: boolean;
  /** Address pools for the subnets of swarm networks, in CIDR notation. Added in API 1.39. */
  DefaultAddrPool?: string[] | null;
  /** Prefix length of the subnets, in bits. Added in API 1.39. */
  SubnetSize?: number;
  /** UDP port of the data path between nodes. Added in API 1.40. */
  DataPathPort?: number;
}
