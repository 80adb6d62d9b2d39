import type { AuthConfigurations } from "../../auth/auth-configuration.js";
import type { Platform } from "../../core/fields/fields.js";
import type { ProgressOptions } from "../../streams/progress.js";
import type { Ulimit } from "../../types/resources.js";
import { type ByteSource } from "../../wire/byte-source.js";

/** An output of a BuildKit build. */
export interface BuildOutput {
  /** Type of the output: `moby` for an image of this engine, `local` for files, `tar` for an archive, and others. */
  Type: string;
  /** Settings of this type of output. */
  Attrs?: Record<string, string> | undefined;
}

/** The build context: one of `contextDir`, `inputStream`, `remote`, or only `dockerfileContent`. */
export interface BuildSourceOptions {
  /**
   * A local directory. Files that match its `.dockerignore`, or `<Dockerfile>.dockerignore` if that exists, are not sent.
   */
  contextDir?: string | undefined;
  /** A tar archive, optionally compressed. */
  inputStream?: ByteSource | undefined;
  /** The URL of a Git repository, a tar archive or a Dockerfile, which the engine fetches. */
  remote?: string | undefined;
  /**
   * The path of the Dockerfile in the build context. With `contextDir` it may be outside, as an absolute path or relative to the
   * directory. By default `Dockerfile`.
   */
  dockerfile?: string | undefined;
  /** The content of the Dockerfile, in place of one in `contextDir`. Without `contextDir`, only the Dockerfile is sent. */
  dockerfileContent?: string | Uint8Array | undefined;
}

/** Resource limits of the containers of build steps. BuildKit ignores most of them. */
export interface BuildLimitOptions {
  /** Memory limit, in bytes. No limit by default. */
  memory?: number | undefined;
  /** Limit of memory plus swap, in bytes; -1 for no limit. */
  memswap?: number | undefined;
  /** Size of `/dev/shm`, in bytes. Defaults to 64 MiB. */
  shmSize?: number | undefined;
  /** Relative weight of CPU time. */
  cpuShares?: number | undefined;
  /** The CPUs to run on, such as `0-2,4`. */
  cpuSetCpus?: string | undefined;
  /** The memory nodes to use, such as `0,1`. */
  cpuSetMems?: string | undefined;
  /** Length of a CPU period, in microseconds. */
  cpuPeriod?: number | undefined;
  /** CPU time per period, in microseconds. */
  cpuQuota?: number | undefined;
  /** Parent cgroup of the containers. */
  cgroupParent?: string | undefined;
  /** Security options, such as `seccomp=unconfined`. */
  securityOpt?: string | readonly string[] | undefined;
  /** Isolation of the containers on Windows: `process` or `hyperv`. */
  isolation?: string | undefined;
  /** Resource limits of the processes. */
  ulimits?: readonly Ulimit[] | undefined;
}

/** Options for {@link Client.buildImage}. */
export interface BuildImageOptions extends BuildSourceOptions, BuildLimitOptions, ProgressOptions {
  /**
   * Names of the image, such as `app:1.2`. By default none, or `remote` if that is a valid name, such as `github.com/user/repo`.
   */
  name?: string | readonly string[] | undefined;
  /** Whether to ignore the build cache. Defaults to false. */
  noCache?: boolean | undefined;
  /** Images to use as cache sources. API 1.25+. */
  cacheFrom?: readonly string[] | undefined;
  /** Whether to suppress all output except the image ID. Defaults to false. */
  suppressOutput?: boolean | undefined;
  /** Whether to pull base images even if they exist locally. Defaults to false. */
  pull?: boolean | undefined;
  /** Whether to remove the containers of successful steps. Defaults to true. */
  rmTmpContainer?: boolean | undefined;
  /** Whether to remove the containers of all steps. Defaults to false. */
  forceRmTmpContainer?: boolean | undefined;
  /** Values of the Dockerfile's `ARG` instructions. Null sets an argument without a value. */
  buildArgs?: Readonly<Record<string, string | null>> | undefined;
  /**
   * Whether the `proxies` in `config.json` become build arguments, as with the docker command: `HTTP_PROXY`, `HTTPS_PROXY`,
   * `NO_PROXY`, `FTP_PROXY` and `ALL_PROXY`, in small letters too, unless `buildArgs` has them. Defaults to true.
   */
  proxies?: boolean | undefined;
  /** Labels of the image. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Whether to squash the new layers into one. Defaults to false. Requires an experimental engine. API 1.25+. */
  squash?: boolean | undefined;
  /** The network of the steps: `default`, `none`, `host`, `container:<id>` or the name of a network. API 1.25+. */
  networkMode?: string | undefined;
  /** Additional entries in the steps' `/etc/hosts`, each `name:address`. API 1.28+. */
  extraHosts?: string | readonly string[] | undefined;
  /** The platform to build for. Defaults to the engine's platform. API 1.32+. */
  platform?: Platform | undefined;
  /** The target stage of the Dockerfile. By default the last. API 1.37+. */
  target?: string | undefined;
  /** The builder: `1` for the classic builder (the default), `2` for BuildKit. API 1.38+. */
  version?: "1" | "2" | undefined;
  /** The outputs of BuildKit. By default an image. API 1.40+. */
  outputs?: readonly BuildOutput[] | undefined;
  /** The BuildKit session that provides the build with files, credentials and secrets. API 1.31+. */
  session?: string | undefined;
  /** An ID chosen by the caller, with which {@link Client.cancelBuild} can cancel a BuildKit build. API 1.38+. */
  buildId?: string | undefined;
  /**
   * Credentials for the registries that the build pulls from, by registry; false to send none. Defaults to the client's
   * credentials. BuildKit accepts credentials only from its session.
   */
  authConfigs?: AuthConfigurations | false | undefined;
}
