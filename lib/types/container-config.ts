import type { HealthConfig } from "./health.js";

/**
 * What runs in a container, whatever the host: the part of its settings that commit writes into an image.
 *
 * In a request, everything but the image may be left out, and the image's own settings fill in.
 *
 * @category Containers
 */
export interface ContainerConfig {
  /** Host name in the container. By default the start of its ID. */
  Hostname?: string;
  /** Domain name in the container. */
  Domainname?: string;
  /** Who runs the command: `user`, `user:group`, or their numbers. Empty for the image's, else root. */
  User?: string;
  /** Whether standard input is attached. */
  AttachStdin?: boolean;
  /** Whether standard output is attached. */
  AttachStdout?: boolean;
  /** Whether standard error is attached. */
  AttachStderr?: boolean;
  /** Ports that the container listens at, such as `80/tcp`, each with an empty object. */
  ExposedPorts?: Record<string, Record<string, never>> | null;
  /** Whether the command has a terminal. Its output is then one raw stream. */
  Tty?: boolean;
  /** Whether standard input stays open while nobody is attached. */
  OpenStdin?: boolean;
  /** Whether standard input closes when the first client that was attached to it leaves. */
  StdinOnce?: boolean;
  /** Environment, as `NAME=value`. In a request, a name alone removes the image's variable. */
  Env?: string[] | null;
  /** Command, or the arguments of the entrypoint, one word each. */
  Cmd?: string[] | null;
  /** How the container's health is checked. */
  Healthcheck?: HealthConfig | null;
  /** Whether `Cmd` is one line that is escaped already. Windows only. */
  ArgsEscaped?: boolean | null;
  /** Name or ID of the image, as it was given. */
  Image?: string;
  /** Paths in the container that get a volume, each with an empty object. */
  Volumes?: Record<string, Record<string, never>> | null;
  /** Directory in which the command starts. */
  WorkingDir?: string;
  /** Program that takes the command as its arguments. `[""]` in a request removes the image's. */
  Entrypoint?: string[] | null;
  /** Whether the container has no network. */
  NetworkDisabled?: boolean | null;
  /** MAC address. From API 1.44 on the endpoint's `MacAddress` stands in its place. Gone from API 1.52. */
  MacAddress?: string | null;
  /** Instructions for builds that start from the image. */
  OnBuild?: string[] | null;
  /** Labels. */
  Labels?: Record<string, string> | null;
  /** Signal that asks the container to stop, by name or number. By default `SIGTERM`. */
  StopSignal?: string | null;
  /** Seconds from that signal to the kill; -1 to wait for ever. By default 10. API 1.25+. */
  StopTimeout?: number | null;
  /** Shell that runs commands given as one line. */
  Shell?: string[] | null;
  /** Limit of memory, in bytes. Below API 1.19; now in the host's configuration. */
  Memory?: number;
  /** Limit of memory and swap together, in bytes. Below API 1.19; now in the host's configuration. */
  MemorySwap?: number;
  /** Relative weight of CPU time. Below API 1.19; now in the host's configuration. */
  CpuShares?: number;
  /** Name servers. Below API 1.10; now in the host's configuration. */
  Dns?: string[] | null;
  /** Containers whose volumes are mounted too, separated by commas. Below API 1.19; now a list in the host's configuration. */
  VolumesFrom?: string;
  /** Ports, as `port` or `host:port`. Below API 1.19; now `ExposedPorts`, and `PortBindings` of the host's configuration. */
  PortSpecs?: string[] | null;
}
