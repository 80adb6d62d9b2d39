/**
 * What kind of thing an event is about. Newer engines may name others.
 *
 * @enum
 * @category Events
 */
export const EventType = {
  /** The build cache. API 1.40+. */
  Builder: "builder",
  /** A config of a swarm. API 1.30+. */
  Config: "config",
  /** A container. */
  Container: "container",
  /** The engine. */
  Daemon: "daemon",
  /** An image. */
  Image: "image",
  /** A network. */
  Network: "network",
  /** A node of a swarm. API 1.30+. */
  Node: "node",
  /** A plugin. */
  Plugin: "plugin",
  /** A secret of a swarm. API 1.30+. */
  Secret: "secret",
  /** A service of a swarm. API 1.30+. */
  Service: "service",
  /** A volume. */
  Volume: "volume",
} as const;

/** What kind of thing an event is about. Newer engines may name others. @category Events */
export type EventType = (typeof EventType)[keyof typeof EventType] | (string & {});

/**
 * What has happened. `exec_create` and `exec_start` are followed by a colon, a space and the command; `health_status` by the
 * state, or by the check's output. Newer engines may name others.
 *
 * @enum
 * @category Events
 */
export const EventAction = {
  /** A container, image, network, volume, plugin or an object of a swarm was made. */
  Create: "create",
  /** A container was started. */
  Start: "start",
  /** A container was restarted. */
  Restart: "restart",
  /** A container was stopped on request. */
  Stop: "stop",
  /** A checkpoint of a container was made. */
  Checkpoint: "checkpoint",
  /** A container was paused. */
  Pause: "pause",
  /** A container goes on after a pause. */
  Unpause: "unpause",
  /** A client was attached to a container. */
  Attach: "attach",
  /** A client was detached from a container. */
  Detach: "detach",
  /** The terminal of a container was resized. */
  Resize: "resize",
  /** Settings of a container, a network or an object of a swarm were changed. */
  Update: "update",
  /** A container was given another name. */
  Rename: "rename",
  /** A signal was sent to a container. */
  Kill: "kill",
  /** A container has ended. */
  Die: "die",
  /** A container ran out of memory. */
  Oom: "oom",
  /** A container, network or volume was removed. */
  Destroy: "destroy",
  /** A network, plugin or an object of a swarm was removed. */
  Remove: "remove",
  /** An image was made of a container. */
  Commit: "commit",
  /** The processes of a container were listed. */
  Top: "top",
  /** Files were copied out of a container, by the way of early engines. */
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
  /** An image was given a name. */
  Tag: "tag",
  /** A name was taken from an image. */
  Untag: "untag",
  /** An image was pushed. */
  Push: "push",
  /** An image or plugin was pulled. */
  Pull: "pull",
  /** Unused things were pruned. */
  Prune: "prune",
  /** An image was deleted. */
  Delete: "delete",
  /** A plugin was switched on. */
  Enable: "enable",
  /** A plugin was switched off. */
  Disable: "disable",
  /** A container was connected to a network. */
  Connect: "connect",
  /** A container was disconnected from a network. */
  Disconnect: "disconnect",
  /** The engine has read its configuration anew. */
  Reload: "reload",
  /** A volume was mounted. */
  Mount: "mount",
  /** A volume was unmounted. */
  Unmount: "unmount",
  /** A command was prepared in a container. Only the beginning of the action. */
  ExecCreate: "exec_create",
  /** A command was started in a container. Only the beginning of the action. */
  ExecStart: "exec_start",
  /** A command in a container has ended. */
  ExecDie: "exec_die",
  /** A client was detached from a command in a container. */
  ExecDetach: "exec_detach",
  /** A health check was made. Only the beginning of the action. */
  HealthStatus: "health_status",
  /** A health check has begun. */
  HealthStatusRunning: "health_status: running",
  /** A container is healthy now. */
  HealthStatusHealthy: "health_status: healthy",
  /** A container is no longer healthy. */
  HealthStatusUnhealthy: "health_status: unhealthy",
} as const;

/** What has happened. Newer engines may name others. @category Events */
export type EventAction = (typeof EventAction)[keyof typeof EventAction] | (string & {});

/**
 * How far an event reaches.
 *
 * @enum
 * @category Events
 */
export const EventScope = {
  /** This engine. */
  Local: "local",
  /** The swarm. */
  Swarm: "swarm",
} as const;

/** How far an event reaches. @category Events */
export type EventScope = (typeof EventScope)[keyof typeof EventScope];

/** What an event is about. @category Events */
export interface EventActor {
  /** ID of the thing: of a container, an image, a network…; the name of a volume. */
  ID: string;
  /**
   * More about it. A container's labels are among them, and so are `name`, `image`, `exitCode` and `signal`, where they apply.
   */
  Attributes: Record<string, string>;
}

/** Something that has happened. @category Events */
export interface EventMessage {
  /** The kind of thing that it happened to. */
  Type: EventType;
  /** What has happened. */
  Action: EventAction;
  /** The thing that it happened to. */
  Actor: EventActor;
  /** How far it reaches. API 1.30+. */
  scope?: EventScope;
  /** When, in seconds since 1970. */
  time: number;
  /** When, in nanoseconds since 1970. Too large for a JavaScript number, which rounds it to 256 ns. */
  timeNano: number;
  /** `Action`, for containers and images. Never documented. Gone from API 1.52. */
  status?: string;
  /** `Actor.ID`, for containers and images. Never documented. Gone from API 1.52. */
  id?: string;
  /** Name of the image, for containers. Never documented. Gone from API 1.52. */
  from?: string;
}
