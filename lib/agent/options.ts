import type { Client } from "../index.js";
import type { ServiceOptions } from "../service/service-options.js";
import type { PolicySettings } from "./client/types.js";

/** Limits of an agent. @category Agent */
export interface AgentLimits {
  /** The most bytes of a request. 1 MiB by default. */
  body?: number;
  /** The most requests of a batch. 100 by default. */
  batch?: number;
  /** The most connections. 1,000 by default. */
  connections?: number;
  /** The most calls that run at once. 64 by default. */
  concurrent?: number;
  /** The most calls that wait. 1,000 by default. */
  waiting?: number;
  /** The most calls that wait for one guest. 4 by default, as in mistify. */
  waitingPerGuest?: number;
  /** How long the headers of a request may take, in milliseconds. 10,000 by default. */
  headersTimeout?: number;
  /** How long no byte of a request may arrive, in milliseconds. 30,000 by default. */
  bodyTimeout?: number;
  /** How long a call may take whose method has no limit of its own, in milliseconds. 120,000 by default. */
  callTimeout?: number;
  /** The most bytes of an image from the image service. 10 GiB by default. */
  imageBytes?: number;
  /** The most bytes of an image from the image service uncompressed. 50 GiB by default. */
  unpackedImageBytes?: number;
}

/** What every guest of an agent gets. @category Agent */
export interface GuestSettings {
  /** Whether standard input stays open. false by default; true is what later versions of mdocker did. */
  stdin?: boolean;
  /** Whether every exposed port is published. false by default; true is what mdocker did. */
  publishAll?: boolean;
  /** Whether a guest must have a network interface. false by default; true is what later versions of mdocker did. */
  requireNic?: boolean;
  /** Paths of devices that every guest gets, such as `/dev/zfs`. None by default. */
  devices?: readonly string[];
}

/** Options of {@link Agent.start}. @category Agent */
export interface AgentOptions extends ServiceOptions {
  /**
   * Where the agent listens: `tcp://127.0.0.1:30001`, the default, `unix:///path` or several of them. A socket gets mode 0600.
   * Addresses that other machines reach need a token or client certificates.
   */
  listen?: string | readonly string[] | undefined;
  /** The client of the engine. The agent does not close it. By default the agent creates one for {@link AgentOptions.endpoint}. */
  client?: Client;
  /** The engine. By default the one that the environment names, as for {@link Client.fromEnv}. */
  endpoint?: string;
  /** What callers may do, or a file with it in JSON, which {@link Agent.reload} reads again. Nothing that gives rights over the host by default. */
  policy?: PolicySettings | string;
  /** The host that images are imported and loaded from: `host`, `host:port`, or `:port` for this machine. */
  imageService?: string;
  /** Hosts that the image service may redirect to. None but itself and public addresses by default. */
  imageRedirectHosts?: readonly string[];
  /** What every guest gets. */
  guests?: GuestSettings;
  /** A folder for what outlives the agent: idempotency keys. One agent uses it at a time. In memory by default. */
  stateDirectory?: string;
  /** Limits. */
  limits?: AgentLimits;
}

/** The default limits. */
export const LIMITS: Required<AgentLimits> = {
  body: 1024 * 1024,
  batch: 100,
  connections: 1_000,
  concurrent: 64,
  waiting: 1_000,
  waitingPerGuest: 4,
  headersTimeout: 10_000,
  bodyTimeout: 30_000,
  callTimeout: 120_000,
  imageBytes: 10 * 1024 ** 3,
  unpackedImageBytes: 50 * 1024 ** 3,
};

/** The image service of mdocker. */
export const IMAGE_SERVICE = "image.services.lochness.local";
