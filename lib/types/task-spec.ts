import type { ContainerSpec } from "./container-spec.js";
import type { Driver } from "./common.js";
import type { NodePlatform, ResourceObject } from "./node.js";
import type { PluginPrivilege } from "./plugin.js";
import type { NetworkAttachmentConfig } from "./service-network.js";

/** How much a task's container may use. @category Services */
export interface TaskLimits {
  /** CPU time, in billionths of one CPU. */
  NanoCPUs?: number;
  /** Memory, in bytes. */
  MemoryBytes?: number;
  /** Number of processes; `0` for no limit. API 1.41+. */
  Pids?: number;
}

/** How much a task may use, and how much its node must have free for it. @category Services */
export interface TaskResources {
  /** How much it may use. */
  Limits?: TaskLimits | null;
  /** How much must be free on a node that is to run it, and is set aside for it there. */
  Reservations?: ResourceObject | null;
  /** Swap beside the limit of memory, in bytes; -1 for unlimited, 0 for none. By default as much as memory. API 1.52+. */
  SwapBytes?: number | null;
  /** Readiness of the kernel to swap pages out, from 0 to 100. By default the node's own. API 1.52+. */
  MemorySwappiness?: number | null;
}

/**
 * After what ends a task is replaced by another.
 *
 * @enum
 * @category Services
 */
export const RestartCondition = {
  /** After none. */
  None: "none",
  /** When its container ended with an exit code other than zero, or could not be started. */
  OnFailure: "on-failure",
  /** After any. The default of services that are no jobs. */
  Any: "any",
} as const;

/** After what ends a task is replaced by another. @category Services */
export type RestartCondition = (typeof RestartCondition)[keyof typeof RestartCondition];

/** When a task that has ended is replaced by another. @category Services */
export interface TaskRestartPolicy {
  /** After what ends. */
  Condition?: RestartCondition;
  /** Time from the end to the next start, in nanoseconds. By default 5 seconds. */
  Delay?: number | null;
  /** After how many replacements the swarm gives up; `0` for never, which is the default. */
  MaxAttempts?: number | null;
  /** Time within which replacements count for `MaxAttempts`, in nanoseconds; `0`, the default, for all. */
  Window?: number | null;
}

/** A label over whose values tasks are spread evenly. API 1.28+. @category Services */
export interface SpreadOver {
  /** The label of nodes or engines, such as `node.labels.rack`. */
  SpreadDescriptor?: string;
}

/** A wish for the placement of tasks. API 1.28+. @category Services */
export interface PlacementPreference {
  /** A label over whose values tasks are spread evenly. */
  Spread?: SpreadOver | null;
}

/** Which nodes run tasks. @category Services */
export interface Placement {
  /** Conditions that a node must meet, all of them, such as `node.role==manager` or `node.labels.disk!=slow`. */
  Constraints?: string[] | null;
  /** Wishes, the most important first. API 1.28+. */
  Preferences?: PlacementPreference[] | null;
  /** How many tasks of the service one node runs at most; `0`, the default, for any number. API 1.40+. */
  MaxReplicas?: number;
  /** Platforms that the image has variants for: other nodes are left out. By default any. API 1.30+. */
  Platforms?: NodePlatform[] | null;
}

/**
 * What tasks of a service are.
 *
 * @enum
 * @category Services
 */
export const TaskRuntime = {
  /** Containers. The default. */
  Container: "container",
  /** Plugins, on experimental engines. */
  Plugin: "plugin",
  /** Networks that a container outside any service is attached to. Made by engines only. */
  Attachment: "attachment",
} as const;

/** What tasks of a service are. @category Services */
export type TaskRuntime = (typeof TaskRuntime)[keyof typeof TaskRuntime];

/** The plugin that a service installs on its nodes. On experimental engines only. API 1.31+. @category Services */
export interface TaskPluginSpec {
  /** Name under which it is installed. */
  Name?: string;
  /** Reference of the plugin in a registry. */
  Remote?: string;
  /** Whether it is installed without being switched on. */
  Disabled?: boolean;
  /** `Privileges` as the API's documents spell it. Engines read the other. */
  PluginPrivilege?: PluginPrivilege[];
  /** What it may do. Never documented. */
  Privileges?: PluginPrivilege[];
  /** Its environment, as `NAME=value`. Never documented. */
  Env?: string[];
}

/** The container that a task attaches to networks. Made by engines only. API 1.38+. @category Services */
export interface NetworkAttachmentSpec {
  /** ID of the container. */
  ContainerID?: string;
}

/** What the tasks of a service are made from. @category Services */
export interface TaskSpec {
  /** What runs in their containers. */
  ContainerSpec?: ContainerSpec | null;
  /** The plugin, with `Runtime` `plugin`. API 1.31+. */
  PluginSpec?: TaskPluginSpec | null;
  /** The container, with `Runtime` `attachment`. Made by engines only. API 1.38+. */
  NetworkAttachmentSpec?: NetworkAttachmentSpec | null;
  /** How much they may use. */
  Resources?: TaskResources | null;
  /** When one that has ended is replaced. */
  RestartPolicy?: TaskRestartPolicy | null;
  /** Which nodes run them. */
  Placement?: Placement | null;
  /** A number whose change replaces all tasks, though nothing else has changed. */
  ForceUpdate?: number;
  /** What they are. By default containers. API 1.30+. */
  Runtime?: TaskRuntime | (string & {});
  /** Networks that they are attached to. */
  Networks?: NetworkAttachmentConfig[] | null;
  /** Where their output goes. By default as the swarm, else each node's engine, is set up. */
  LogDriver?: Driver | null;
}
