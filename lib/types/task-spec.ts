import type { Driver } from "./common.js";
import type { ContainerSpec } from "./container-spec.js";
import type { NodePlatform, ResourceObject } from "./node.js";
import type { PluginPrivilege } from "./plugin.js";
import type { NetworkAttachmentConfig } from "./service-network.js";

/** Resource limits of a task. @category Services */
export interface TaskLimits {
  /** CPU limit, in billionths of a CPU. */
  NanoCPUs?: number;
  /** Memory limit, in bytes. */
  MemoryBytes?: number;
  /** Process limit; `0` for no limit. Added in API 1.41. */
  Pids?: number;
}

/** Resource requirements of a task. @category Services */
export interface TaskResources {
  /** Resource limits. */
  Limits?: TaskLimits | null;
  /** Resources to reserve on the node. Nodes without enough free resources are not eligible. */
  Reservations?: ResourceObject | null;
  /**
   * Swap limit in addition to the memory limit, in bytes; -1 for unlimited, 0 for no swap. Defaults to the
   * memory limit. Added in API 1.52.
   */
  SwapBytes?: number | null;
  /** Swappiness, from 0 to 100. Defaults to the node's setting. Added in API 1.52. */
  MemorySwappiness?: number | null;
}

/**
 * When to replace a task that ended.
 *
 * @enum
 * @category Services
 */
export const RestartCondition = {
  /** Never. */
  None: "none",
  /** When its container exited with a non-zero exit code or could not be started. */
  OnFailure: "on-failure",
  /** Always. The default, except for jobs. */
  Any: "any",
} as const;

/** When to replace a task that ended. @category Services */
export type RestartCondition = (typeof RestartCondition)[keyof typeof RestartCondition];

/** Restart policy for the tasks of a service. @category Services */
export interface TaskRestartPolicy {
  /** When to replace a task that ended. */
  Condition?: RestartCondition;
  /** Delay before a replacement starts, in nanoseconds. Defaults to 5 seconds. */
  Delay?: number | null;
  /** Maximum number of replacements; `0`, the default, for no limit. */
  MaxAttempts?: number | null;
  /**
   * Time window in which replacements count toward `MaxAttempts`, in nanoseconds; `0`, the default, for no
   * window.
   */
  Window?: number | null;
}

/**
 * Placement preference that spreads tasks evenly over the values of a label. Added in API 1.28.
 *
 * @category Services
 */
export interface SpreadOver {
  /** Node or engine label, such as `node.labels.rack`. */
  SpreadDescriptor?: string;
}

/** A placement preference. Added in API 1.28. @category Services */
export interface PlacementPreference {
  /** Label to spread tasks over. */
  Spread?: SpreadOver | null;
}

/** Placement of tasks on nodes. @category Services */
export interface Placement {
  /** Constraints that a node must satisfy, such as `node.role==manager` or `node.labels.disk!=slow`. */
  Constraints?: string[] | null;
  /** Placement preferences, most important first. Added in API 1.28. */
  Preferences?: PlacementPreference[] | null;
  /** Maximum number of tasks per node; `0`, the default, for no limit. Added in API 1.40. */
  MaxReplicas?: number;
  /** Platforms that the image supports; other nodes are not eligible. Defaults to any. Added in API 1.30. */
  Platforms?: NodePlatform[] | null;
}

/**
 * Runtime of a task.
 *
 * @enum
 * @category Services
 */
export const TaskRuntime = {
  /** Container. The default. */
  Container: "container",
  /** Plugin. Experimental engines only. */
  Plugin: "plugin",
  /** Network attachment of a standalone container. Created only by engines. */
  Attachment: "attachment",
} as const;

/** Runtime of a task. @category Services */
export type TaskRuntime = (typeof TaskRuntime)[keyof typeof TaskRuntime];

/**
 * Plugin to install on the nodes of a service. Experimental engines only. Added in API 1.31.
 *
 * @category Services
 */
export interface TaskPluginSpec {
  /** Name of the installed plugin. */
  Name?: string;
  /** Registry reference of the plugin. */
  Remote?: string;
  /** Whether to leave the plugin disabled after installation. */
  Disabled?: boolean;
  /** `Privileges` as the API reference spells it. Engines read only the other spelling. */
  PluginPrivilege?: PluginPrivilege[];
  /** Privileges to grant to the plugin. Undocumented. */
  Privileges?: PluginPrivilege[];
  /** Environment variables, as `NAME=value`. Undocumented. */
  Env?: string[];
}

/**
 * Network attachment of a standalone container. Created only by engines. Added in API 1.38.
 *
 * @category Services
 */
export interface NetworkAttachmentSpec {
  /** ID of the container. */
  ContainerID?: string;
}

/** Settings of the tasks of a service. @category Services */
export interface TaskSpec {
  /** Container settings. */
  ContainerSpec?: ContainerSpec | null;
  /** Plugin settings. Requires the `plugin` runtime. Added in API 1.31. */
  PluginSpec?: TaskPluginSpec | null;
  /** Network attachment. Requires the `attachment` runtime; created only by engines. Added in API 1.38. */
  NetworkAttachmentSpec?: NetworkAttachmentSpec | null;
  /** Resource requirements. */
  Resources?: TaskResources | null;
  /** Restart policy. */
  RestartPolicy?: TaskRestartPolicy | null;
  /** Placement on nodes. */
  Placement?: Placement | null;
  /** A counter. Changing it replaces all tasks, even if nothing else has changed. */
  ForceUpdate?: number;
  /** Runtime of the tasks. Defaults to containers. Added in API 1.30. */
  Runtime?: TaskRuntime | (string & {});
  /** Networks to attach the tasks to. */
  Networks?: NetworkAttachmentConfig[] | null;
  /** Logging driver. Defaults to the swarm's setting, or else to that of the engine on the node. */
  LogDriver?: Driver | null;
}
