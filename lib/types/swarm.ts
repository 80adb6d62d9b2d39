import type { NodeAvailability } from "./node.js";
import type { ClusterInfo, SwarmSpec } from "./swarm-spec.js";

/** Tokens for joining a swarm. Anyone with a token can join. @category Swarm */
export interface JoinTokens {
  /** Token for workers. */
  Worker: string;
  /** Token for managers. */
  Manager: string;
}

/** Detailed information about a swarm. @category Swarm */
export interface Swarm extends ClusterInfo {
  /** Tokens for joining the swarm. */
  JoinTokens: JoinTokens;
}

/** Request body for initializing a swarm. @category Swarm */
export interface SwarmInitRequest {
  /** Listen address for other nodes: an address or an interface, with a port. */
  ListenAddr?: string;
  /** Address advertised to other nodes: an address or an interface, optionally with a port. */
  AdvertiseAddr?: string;
  /** Address or interface for data path traffic. Added in API 1.30. */
  DataPathAddr?: string;
  /** UDP port for data path traffic. Added in API 1.40. */
  DataPathPort?: number;
  /** Address pools for the subnets of swarm networks, in CIDR notation. Added in API 1.39. */
  DefaultAddrPool?: string[];
  /** Prefix length of the subnets, in bits. Added in API 1.39. */
  SubnetSize?: number;
  /** Whether to create a single-node swarm from the existing swarm state of the node. */
  ForceNewCluster?: boolean;
  /** Settings of the swarm. */
  Spec?: SwarmSpec;
  /**
   * Whether managers must be unlocked after a restart. Applies until `Spec.EncryptionConfig` takes effect.
   * Undocumented. Added in API 1.25.
   */
  AutoLockManagers?: boolean;
  /** Availability of the node for tasks. Undocumented. Added in API 1.28. */
  Availability?: NodeAvailability;
}

/** Request body for joining a swarm. @category Swarm */
export interface SwarmJoinRequest {
  /** Listen address for other nodes: an address or an interface, with a port. */
  ListenAddr?: string;
  /** Address advertised to other nodes: an address or an interface, optionally with a port. */
  AdvertiseAddr?: string;
  /** Address or interface for data path traffic. Added in API 1.30. */
  DataPathAddr?: string;
  /** Addresses of managers in the swarm. */
  RemoteAddrs: string[];
  /** Token for joining the swarm. */
  JoinToken: string;
  /** Availability of the node for tasks. Undocumented. Added in API 1.28. */
  Availability?: NodeAvailability;
}

/** Unlock key of a swarm. Added in API 1.25. @category Swarm */
export interface SwarmUnlockKey {
  /** Unlock key. Empty if autolock is disabled. */
  UnlockKey: string;
}
