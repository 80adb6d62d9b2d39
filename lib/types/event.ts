/**
 * Type of the object that an event is about. Newer engines may add types.
 *
 * @enum
 * @category Events
 */
export const EventType = {
  /** Build cache. Added in API 1.40. */
  Builder: "builder",
  /** Swarm config. Added in API 1.30. */
  Config: "config",
  /** Container. */
  Container: "container",
  /** Engine. */
  Daemon: "daemon",
  /** Image. */
  Image: "image",
  /** Network. */
  Network: "network",
  /** Swarm node. Added in API 1.30. */
  Node: "node",
  /** Plugin. */
  Plugin: "plugin",
  /** Swarm secret. Added in API 1.30. */
  Secret: "secret",
  /** Swarm service. Added in API 1.30. */
  Service: "service",
  /** Volume. */
  Volume: "volume",
} as const;

/** Type of the object that an event is about. Newer engines may add types. @category Events */
export type EventType = (typeof EventType)[keyof typeof EventType] | (string & {});

/**
 * Action that triggered an event. The engine appends a colon, a space and the command to `exec_create` and
 * `exec_start`, and the status or the output of the check to `health_status`. Newer engines may add actions.
 *
 * @enum
 * @category Events
 */
export const EventAction = {
  /** A container, network, volume, plugin or swarm object was created. */
  Create: "create",
  /** A container was started. */
  Start: "start",
  /** A container was restarted. */
  Restart: "restart",
  /** A container was stopped on request. */
  Stop: "stop",
  /** A checkpoint of a container was created. */
  Checkpoint: "checkpoint",
  /** A container was paused. */
  Pause: "pause",
  /** A container was unpaused. */
  Unpause: "unpause",
  /** A client attached to a container. */
  Attach: "attach",
  /** A client detached from a container. */
  Detach: "detach",
  /** The terminal of a container was resized. */
  Resize: "resize",
  /** A container, network or swarm object was updated. */
  Update: "update",
  /** A container was renamed. */
  Rename: "rename",
  /** A signal was sent to a container. */
  Kill: "kill",
  /** A container exited. */
  Die: "die",
  /** A container ran out of memory. */
  Oom: "oom",
  /** A container, network or volume was removed. */
  Destroy: "destroy",
  /** A network, plugin or swarm object was removed. */
  Remove: "remove",
  /** An image was created from a container. */
  Commit: "commit",
  /** The processes of a container were listed. */
  Top: "top",
  /** Files were copied out of a container through the copy endpoint of early engines. */
  Copy: "copy",
  /** Files were copied out of a container. */
  ArchivePath: "archive-path",
  /** Files were copied into a container. */
  ExtractToDir: "extract-to-dir",
  /** The file system of a container was exported. */
  Export: "export",
  /** An image was imported. */
  Import: "import",
  /** An image was saved. */
  Save: "save",
  /** An image was loaded. */
  Load: "load",
  /** An image was tagged. */
  Tag: "tag",
  /** An image was untagged. */
  Untag: "untag",
  /** An image was pushed. */
  Push: "push",
  /** An image or plugin was pulled. */
  Pull: "pull",
  /** Unused objects were pruned. */
  Prune: "prune",
  /** An image was deleted. */
  Delete: "delete",
  /** A plugin was enabled. */
  Enable: "enable",
  /** A plugin was disabled. */
  Disable: "disable",
  /** A container was connected to a network. */
  Connect: "connect",
  /** A container was disconnected from a network. */
  Disconnect: "disconnect",
  /** The engine reloaded its configuration. */
  Reload: "reload",
  /** A volume was mounted. */
  Mount: "mount",
  /** A volume was unmounted. */
  Unmount: "unmount",
  /** An exec instance was created. Engines append the command. */
  ExecCreate: "exec_create",
  /** An exec instance was started. Engines append the command. */
  ExecStart: "exec_start",
  /** An exec instance exited. */
  ExecDie: "exec_die",
  /** A client detached from an exec instance. */
  ExecDetach: "exec_detach",
  /** A health check was run. Engines append the status or the output of the check. */
  HealthStatus: "health_status",
  /** A health check started. */
  HealthStatusRunning: "health_status: running",
  /** A container became healthy. */
  HealthStatusHealthy: "health_status: healthy",
  /** A container became unhealthy. */
  HealthStatusUnhealthy: "health_status: unhealthy",
} as const;

/** Action that triggered an event. Newer engines may add actions. @category Events */
export type EventAction = (typeof EventAction)[keyof typeof EventAction] | (string & {});

/**
 * Scope of an event.
 *
 * @enum
 * @category Events
 */
export const EventScope = {
  /** Local to the engine. */
  Local: "local",
  /** Swarm-wide. */
  Swarm: "swarm",
} as const;

/** Scope of an event. @category Events */
export type EventScope = (typeof EventScope)[keyof typeof EventScope];

/** Object that an event is about. @category Events */
export interface EventActor {
  /** ID of the object, or its name for volumes. */
  ID: string;
  /**
   * Attributes of the object. They include the labels of containers and, where applicable, `name`, `image`,
   * `exitCode` and `signal`.
   */
  Attributes: Record<string, string>;
}

/** An event reported by the engine. @category Events */
export interface EventMessage {
  /** Type of the object. */
  Type: EventType;
  /** Action that triggered the event. */
  Action: EventAction;
  /** Object that the event is about. */
  Actor: EventActor;
  /** Scope of the event. Added in API 1.30. */
  scope?: EventScope;
  /** Time of the event, in seconds since the Unix epoch. */
  time: number;
  /**
   * Time of the event, in nanoseconds since the Unix epoch. JavaScript numbers are precise only to 256 ns at
   * this size.
   */
  timeNano: number;
  /** Same as `Action`, for containers and images. Undocumented. Removed in API 1.52. */
  status?: string;
  /** Same as `Actor.ID`, for containers and images. Undocumented. Removed in API 1.52. */
  id?: string;
  /** Image name, for containers. Undocumented. Removed in API 1.52. */
  from?: string;
  /** Health of the container, such as `healthy`. Undocumented; only Podman sends it. */
  HealthStatus?: string;
}
