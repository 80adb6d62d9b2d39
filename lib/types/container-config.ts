import type { HealthConfig } from "./health.js";

/**
 * Container settings that do not depend on the host. Committing a container stores them in the new image.
 *
 * In requests, every field but the image is optional and defaults to the value from the image.
 *
 * @category Containers
 */
export interface ContainerConfig {
  /** Host name of the container. Defaults to the short container ID. */
  Hostname?: string;
  /** Domain name of the container. */
  Domainname?: string;
  /**
   * User that runs the command: `user`, `user:group`, or numeric IDs. If empty, defaults to the image's user, or else to root.
   */
  User?: string;
  /** Whether standard input is attached. */
  AttachStdin?: boolean;
  /** Whether standard output is attached. */
  AttachStdout?: boolean;
  /** Whether standard error is attached. */
  AttachStderr?: boolean;
  /** Exposed ports, such as `80/tcp`. The values are empty objects. */
  ExposedPorts?: Record<string, Record<string, never>> | null;
  /** Whether the command runs in a terminal. If so, its output is a single raw stream. */
  Tty?: boolean;
  /** Whether standard input stays open when no client is attached. */
  OpenStdin?: boolean;
  /** Whether standard input closes when the first attached client detaches. */
  StdinOnce?: boolean;
  /** Environment variables, as `NAME=value`. In requests, a name without a value removes the image's variable. */
  Env?: string[] | null;
  /** Command, or the arguments of the entrypoint. One array element per argument. */
  Cmd?: string[] | null;
  /** Health check. */
  Healthcheck?: HealthConfig | null;
  /** Whether `Cmd` is a single, already escaped command line. Windows only. */
  ArgsEscaped?: boolean | null;
  /** Name or ID of the image, as specified at creation. */
  Image?: string;
  /** Mount points of anonymous volumes in the container. The values are empty objects. */
  Volumes?: Record<string, Record<string, never>> | null;
  /** Working directory of the command. */
  WorkingDir?: string;
  /** Entrypoint. In requests, `[""]` removes the image's entrypoint. */
  Entrypoint?: string[] | null;
  /** Whether networking is disabled. */
  NetworkDisabled?: boolean | null;
  /** MAC address. Replaced by `MacAddress` of the endpoint in API 1.44. Removed in API 1.52. */
  MacAddress?: string | null;
  /** `ONBUILD` instructions of the image. */
  OnBuild?: string[] | null;
  /** Labels of the container. */
  Labels?: Record<string, string> | null;
  /** Signal that stops the container, as a name or number. Defaults to `SIGTERM`. */
  StopSignal?: string | null;
  /**
   * Seconds to wait after the stop signal before killing the container; -1 to wait forever. Defaults to 10.
   * Added in API 1.25.
   */
  StopTimeout?: number | null;
  /** Shell for commands in shell form. */
  Shell?: string[] | null;
  /** Memory limit, in bytes. Only before API 1.19; now in `HostConfig`. */
  Memory?: number;
  /** Total limit for memory and swap, in bytes. Only before API 1.19; now in `HostConfig`. */
  MemorySwap?: number;
  /** Relative CPU weight. Only before API 1.19; now in `HostConfig`. */
  CpuShares?: number;
  /** DNS servers. Only before API 1.10; now in `HostConfig`. */
  Dns?: string[] | null;
  /** Containers to mount volumes from, separated by commas. Only before API 1.19; now a list in `HostConfig`. */
  VolumesFrom?: string;
  /** Ports, as `port` or `host:port`. Only before API 1.19; now `ExposedPorts` and `HostConfig.PortBindings`. */
  PortSpecs?: string[] | null;
}
