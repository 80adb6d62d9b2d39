import type { AuthConfigurations } from "../../auth/auth-configuration.js";
import type { Platform } from "../../core/fields/fields.js";
import type { ProgressOptions } from "../../streams/progress.js";
import type { Ulimit } from "../../types/resources.js";
import type { ByteSink } from "../../wire/byte-sink.js";
import type { ByteSource } from "../../wire/byte-source.js";

/** An output of a BuildKit build. */
export interface BuildOutput {
  /**
   * Type of the output: `moby` for an image on the engine, `local` for files, `tar` for an archive of them; with the containerd
   * image store also `oci`, `docker` and `image`.
   */
  Type: string;
  /** Settings for this type of output. */
  Attrs?: Record<string, string> | undefined;
  /**
   * The local directory that receives the files of a `local` output. It is created if it does not exist; files that are already
   * there stay, unless the output has files of the same names.
   */
  directory?: string | undefined;
  /** Receives the archive of a `tar`, `oci` or `docker` output. It is not ended. */
  outputStream?: ByteSink | undefined;
}

/** A secret of a build that is in a file. */
export interface BuildSecretFile {
  /** Path of the file. */
  file: string;
}

/** A secret of a build that is in an environment variable. */
export interface BuildSecretVariable {
  /** Name of the variable. */
  env: string;
}

/** A secret of a build. */
export interface BuildSecretValue {
  /** The secret itself. */
  value: string | Uint8Array;
}

/** A secret of a build: in a file, in an environment variable, or the value itself. */
export type BuildSecret = BuildSecretFile | BuildSecretVariable | BuildSecretValue;

/** A source or destination of the build cache. */
export interface BuildCacheEntry {
  /** Its type: `registry`, or for `cacheTo` also `inline`, in the image itself. */
  type: string;
  /** Settings for this type, such as `ref` for the image with the cache, and `mode: "max"` to store every step. */
  attrs?: Readonly<Record<string, string>> | undefined;
}

/** Options for builds by BuildKit with `version: "2"` and without a `session`. The classic builder rejects them. */
export interface BuildKitOptions {
  /**
   * The secrets that steps can mount with `RUN --mount=type=secret`, by ID. A secret has at most 500 KiB. Only a step that mounts
   * it sees it; it is neither in the image nor in its history. API 1.39+.
   */
  secrets?: Readonly<Record<string, BuildSecret>> | undefined;
  /**
   * The SSH agents that steps can use with `RUN --mount=type=ssh`: the path of each agent's socket by ID, or true for the agent
   * in `SSH_AUTH_SOCK`. `true` alone is that agent under the ID `default`. API 1.39+.
   */
  ssh?: true | Readonly<Record<string, string | true>> | undefined;
  /**
   * Further build contexts, by the name that `FROM` and `COPY --from` use: a local directory, or an address such as
   * `docker-image://alpine:3.20` or `https://github.com/user/repo.git`. API 1.42+.
   */
  contexts?: Readonly<Record<string, string>> | undefined;
  /**
   * The platforms to build for, instead of `platform`. Several platforms require an output of files, or the containerd image
   * store. API 1.39+.
   */
  platforms?: readonly Platform[] | undefined;
  /**
   * Where to store the build cache. Engines without the containerd image store have only `inline`. API 1.39+.
   */
  cacheTo?: readonly BuildCacheEntry[] | undefined;
  /** The stages of the Dockerfile for which to ignore the build cache. API 1.39+. */
  noCacheFilter?: readonly string[] | undefined;
  /**
   * Whether to record how the result was built; `max` includes the Dockerfile. Images have it only with the containerd image
   * store. API 1.43+.
   */
  provenance?: boolean | "min" | "max" | undefined;
  /** Privileges that the build may use, such as `security.insecure`. API 1.39+. */
  entitlements?: readonly string[] | undefined;
}

/** The build context: one of `contextDir`, `inputStream` and `remote`, or just `dockerfileContent`. */
export interface BuildSourceOptions {
  /**
   * A local directory. Files that match its `.dockerignore` file, or `<Dockerfile>.dockerignore` if it exists, are not sent.
   */
  contextDir?: string | undefined;
  /** A tar archive, optionally compressed. */
  inputStream?: ByteSource | undefined;
  /** The URL of a Git repository, a tar archive or a Dockerfile, which the engine fetches. */
  remote?: string | undefined;
  /**
   * The path of the Dockerfile in the build context. With `contextDir`, it may also be a path outside the directory, absolute
   * or relative to the directory. Defaults to `Dockerfile`.
   */
  dockerfile?: string | undefined;
  /**
   * The content of the Dockerfile, which replaces any Dockerfile in `contextDir`. Without `contextDir`, only the Dockerfile is
   * sent.
   */
  dockerfileContent?: string | Uint8Array | undefined;
}

/** Resource limits for the containers that run build steps. BuildKit ignores most of them. */
export interface BuildLimitOptions {
  /** Memory limit, in bytes. Defaults to no limit. */
  memory?: number | undefined;
  /** Limit of memory plus swap, in bytes; -1 for no limit. */
  memswap?: number | undefined;
  /** Size of `/dev/shm`, in bytes. Defaults to 64 MiB. */
  shmSize?: number | undefined;
  /** Relative CPU weight. */
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
export interface BuildImageOptions extends BuildSourceOptions, BuildLimitOptions, BuildKitOptions, ProgressOptions {
  /**
   * Names of the image, such as `app:1.2`. Defaults to `remote` if that is a valid image name, such as `github.com/user/repo`;
   * otherwise the image is untagged.
   */
  name?: string | readonly string[] | undefined;
  /** Whether to ignore the build cache. Defaults to false. */
  noCache?: boolean | undefined;
  /** Images to use as cache sources; with BuildKit also other sources. API 1.25+. */
  cacheFrom?: readonly (string | BuildCacheEntry)[] | undefined;
  /** Whether to suppress all output except the image ID. Defaults to false. */
  suppressOutput?: boolean | undefined;
  /** Whether to pull base images even if they exist locally. Defaults to false. */
  pull?: boolean | undefined;
  /** Whether to remove the containers of build steps after a successful build. Defaults to true. */
  rmTmpContainer?: boolean | undefined;
  /** Whether to remove the containers of build steps even if the build fails. Defaults to false. */
  forceRmTmpContainer?: boolean | undefined;
  /** Values for the `ARG` instructions in the Dockerfile. Null declares an argument without a value. */
  buildArgs?: Readonly<Record<string, string | null>> | undefined;
  /**
   * Whether to pass the `proxies` in `config.json` as build arguments, as the docker command does: `HTTP_PROXY`, `HTTPS_PROXY`,
   * `NO_PROXY`, `FTP_PROXY` and `ALL_PROXY`, in upper and lower case, unless `buildArgs` sets them. Defaults to true.
   */
  proxies?: boolean | undefined;
  /** Labels of the image. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Whether to squash the new layers into one. Defaults to false. Requires an experimental engine. API 1.25+. */
  squash?: boolean | undefined;
  /** The network for the build steps: `default`, `none`, `host`, `container:<id>` or the name of a network. API 1.25+. */
  networkMode?: string | undefined;
  /** Additional entries for `/etc/hosts` in build steps, each as `name:address`. API 1.28+. */
  extraHosts?: string | readonly string[] | undefined;
  /** The platform to build for. Defaults to the engine's platform. API 1.32+. */
  platform?: Platform | undefined;
  /** The stage of the Dockerfile to build. Defaults to the last stage. API 1.37+. */
  target?: string | undefined;
  /**
   * The builder: `1` for the classic builder (the default), `2` for BuildKit. With `2` and without a `session`, the client serves
   * a session of its own: only the files that BuildKit lacks are sent, and {@link BuildKitOptions} are available (API 1.39+). API
   * 1.38+.
   */
  version?: "1" | "2" | undefined;
  /** The outputs of a BuildKit build. Defaults to an image. API 1.40+. */
  outputs?: readonly BuildOutput[] | undefined;
  /** ID of your own BuildKit session, opened with {@link Client.session}, that provides the build with files, credentials and secrets. API 1.31+. */
  session?: string | undefined;
  /** An ID of your choice, for cancelling a BuildKit build with {@link Client.cancelBuild}. API 1.38+. */
  buildId?: string | undefined;
  /**
   * Credentials for the registries that the build pulls from, by registry; false to send none. Defaults to the client's
   * credentials. BuildKit asks for those of the registries that it uses; with a `session` of your own, the session has to answer.
   */
  authConfigs?: AuthConfigurations | false | undefined;
}
