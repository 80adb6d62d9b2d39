import type { LocalNodeState } from "./system-info-swarm.js";

/** Product that an engine belongs to. @category System */
export interface PlatformInfo {
  /** Name of the product, such as `Docker Engine - Community`. */
  Name: string;
}

/** Version of an engine component. @category System */
export interface ComponentVersion {
  /** Name of the component, such as `Engine` or `containerd`. */
  Name: string;
  /** Version of the component. */
  Version: string;
  /** Component-specific details. */
  Details?: Record<string, string>;
}

/** Version information of an engine and its components. @category System */
export interface SystemVersion {
  /** Product that the engine belongs to. Added in API 1.35. */
  Platform?: PlatformInfo;
  /** Components of the engine. Added in API 1.35. */
  Components?: ComponentVersion[];
  /** Version of the engine. */
  Version: string;
  /** Highest supported API version. */
  ApiVersion: string;
  /** Lowest supported API version. Added in API 1.25. */
  MinAPIVersion?: string;
  /** Git commit of the build. */
  GitCommit?: string;
  /** Go version of the build. */
  GoVersion?: string;
  /** Operating system of the host, as a Go OS such as `linux`. */
  Os: string;
  /** CPU architecture of the host, as a Go architecture such as `amd64`. */
  Arch: string;
  /** Kernel version of the host. */
  KernelVersion?: string;
  /** Whether experimental features are enabled. Absent if not. */
  Experimental?: boolean;
  /** Build time, in RFC 3339 format. */
  BuildTime?: string;
}

/**
 * Builder recommended by an engine. Newer engines may add builders.
 *
 * @enum
 * @category System
 */
export const BuilderVersion = {
  /** Classic builder. */
  Classic: "1",
  /** BuildKit. */
  BuildKit: "2",
} as const;

/** Builder recommended by an engine. Newer engines may add builders. @category System */
export type BuilderVersion = (typeof BuilderVersion)[keyof typeof BuilderVersion] | (string & {});

/** Swarm status of an engine, as reported by a ping. @category System */
export interface SwarmStatus {
  /** Swarm state. */
  NodeState: LocalNodeState;
  /** Whether the node is a manager that can serve requests. */
  ControlAvailable: boolean;
}

/** Headers of a ping response. @category System */
export interface PingResponse {
  /** Highest supported API version. Absent if a proxy removed the header. */
  ApiVersion?: string;
  /** Operating system type: `linux` or `windows`. */
  OSType?: string;
  /** Builder recommended by the engine. Absent if there is none. */
  BuilderVersion?: BuilderVersion;
  /** Whether experimental features are enabled. */
  Experimental: boolean;
  /** Swarm status of the engine. Added in API 1.42. */
  SwarmStatus?: SwarmStatus;
}
