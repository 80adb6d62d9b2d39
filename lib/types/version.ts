import type { LocalNodeState } from "./system-info-swarm.js";

/** The product that an engine is part of. @category System */
export interface PlatformInfo {
  /** Name of the product, such as `Docker Engine - Community`. */
  Name: string;
}

/** Version of one part of an engine. @category System */
export interface ComponentVersion {
  /** Name of the part, such as `Engine` or `containerd`. */
  Name: string;
  /** Its version. */
  Version: string;
  /** More about it. Keys differ from part to part. */
  Details?: Record<string, string> | null;
}

/** Versions of an engine and its parts. @category System */
export interface SystemVersion {
  /** The product that the engine is part of. API 1.35+. */
  Platform?: PlatformInfo;
  /** Versions of its parts. API 1.35+. */
  Components?: ComponentVersion[];
  /** Version of the engine. */
  Version: string;
  /** Highest API version that it speaks. */
  ApiVersion: string;
  /** Lowest API version that it speaks. API 1.25+. */
  MinAPIVersion?: string;
  /** The commit that it was built from. */
  GitCommit?: string;
  /** Version of Go that it was built with. */
  GoVersion?: string;
  /** The host's operating system by its Go name, such as `linux`. */
  Os: string;
  /** The host's processor architecture by its Go name, such as `amd64`. */
  Arch: string;
  /** Version of the host's kernel. */
  KernelVersion?: string;
  /** Whether experimental features are on. Absent when they are off. */
  Experimental?: boolean;
  /** When the engine was built, in RFC 3339. */
  BuildTime?: string;
}

/**
 * The builder that an engine recommends. Newer engines may name others.
 *
 * @enum
 * @category System
 */
export const BuilderVersion = {
  /** The classic builder. */
  Classic: "1",
  /** BuildKit. */
  BuildKit: "2",
} as const;

/** The builder that an engine recommends. Newer engines may name others. @category System */
export type BuilderVersion = (typeof BuilderVersion)[keyof typeof BuilderVersion] | (string & {});

/** An engine's part in a swarm, as a ping tells it. @category System */
export interface SwarmStatus {
  /** Whether the engine is in a swarm. */
  NodeState: LocalNodeState;
  /** Whether it is a manager that answers. */
  ControlAvailable: boolean;
}

/** What the headers of a ping tell. @category System */
export interface PingResponse {
  /** Highest API version that the engine speaks. Absent when the header is missing, as behind some proxies. */
  ApiVersion?: string;
  /** Kind of the operating system: `linux` or `windows`. */
  OSType?: string;
  /** The builder that the engine recommends. Absent from engines that recommend none. */
  BuilderVersion?: BuilderVersion;
  /** Whether experimental features are on. */
  Experimental: boolean;
  /** The engine's part in a swarm. API 1.42+. */
  SwarmStatus?: SwarmStatus;
}
