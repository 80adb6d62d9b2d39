import type { NodeAvailability } from "./node.js";
import type { ClusterInfo, SwarmSpec } from "./swarm-spec.js";

/** The tokens that let engines join a swarm. Whoever has one can. @category Swarm */
export interface JoinTokens {
  /** For workers. */
  Worker: string;
  /** For managers. */
  Manager: string;
}

/** A swarm, as its managers know it. @category Swarm */
export interface Swarm extends ClusterInfo {
  /** The tokens that let engines join it. */
  JoinTokens: JoinTokens;
}

/** What a swarm is made from. @category Swarm */
export interface SwarmInitRequest {
  /** Address and port, or interface and port, to listen on for other nodes. */
  ListenAddr?: string;
  /** Address, with or without port, or interface, by which other nodes reach this one. */
  AdvertiseAddr?: string;
  /** Address or interface of the traffic between containers. API 1.30+. */
  DataPathAddr?: string;
  /** UDP port of the traffic between containers on different nodes. API 1.40+. */
  DataPathPort?: number;
  /** Address ranges, in CIDR notation, that networks of the swarm take their subnets from. API 1.39+. */
  DefaultAddrPool?: string[];
  /** Length of the prefix of those subnets, in bits. API 1.39+. */
  SubnetSize?: number;
  /** Whether this node alone goes on with the state of the swarm that it was in. */
  ForceNewCluster?: boolean;
  /** Settings of the swarm. */
  Spec?: SwarmSpec;
  /** Whether the manager locks itself until `Spec.EncryptionConfig` holds. Never documented. API 1.25+. */
  AutoLockManagers?: boolean;
  /** Whether the node runs tasks. Never documented. API 1.28+. */
  Availability?: NodeAvailability;
}

/** How an engine joins a swarm. @category Swarm */
export interface SwarmJoinRequest {
  /** Address and port, or interface and port, to listen on for other nodes. */
  ListenAddr?: string;
  /** Address, with or without port, or interface, by which other nodes reach this one. */
  AdvertiseAddr?: string;
  /** Address or interface of the traffic between containers. API 1.30+. */
  DataPathAddr?: string;
  /** Addresses of managers of the swarm. */
  RemoteAddrs: string[];
  /** The token that lets it join. */
  JoinToken: string;
  /** Whether the node runs tasks. Never documented. API 1.28+. */
  Availability?: NodeAvailability;
}

/** The key that unlocks the managers of a swarm. API 1.25+. @category Swarm */
export interface SwarmUnlockKey {
  /** The key. Empty when managers do not lock themselves. */
  UnlockKey: string;
}
