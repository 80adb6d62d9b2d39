import type { Readable } from "node:stream";
import type { AuthConfigurations } from "../../auth/auth-configuration.js";
import type { Platform } from "../../core/fields/fields.js";
import type { ProgressOptions } from "../../streams/progress.js";
import type { Ulimit } from "../../types/resources.js";

/** Where BuildKit puts the result of a build. */
export interface BuildOutput {
  /** What to make of it: `moby` for an image of this engine, `local` for files, `tar` for an archive, and others. */
  Type: string;
  /** Settings of that kind of output. */
  Attrs?: Record<string, string> | undefined;
}

/** Where the files of a build come from: one of `contextDir`, `inputStream`, `remote`, or `dockerfileContent` alone. */
export interface BuildSourceOptions {
  /**
   * A directory on this machine. It is sent without what its `.dockerignore` names, or that of the Dockerfile where there is
   * one: `<Dockerfile>.dockerignore`.
   */
  contextDir?: string | undefined;
  /** A tar archive, which may be compressed. */
  inputStream?: Readable | undefined;
  /** A Git repository, or the address of a tar archive or of a Dockerfile, which the engine gets itself. */
  remote?: string | undefined;
  /**
   * The Dockerfile: a path in what is built from. With `contextDir` it may lie outside: as a path from that directory, or an
   * absolute one. By default `Dockerfile`.
   */
  dockerfile?: string | undefined;
  /** The Dockerfile itself, in place of one in `contextDir`. Without `contextDir` nothing else is sent. */
  dockerfileContent?: string | Uint8Array | undefined;
}

/** Limits of the containers that a build's steps run in. BuildKit ignores most of them. */
export interface BuildLimitOptions {
  /** Limit of memory, in bytes. By default none. */
  memory?: number | undefined;
  /** Limit of memory and swap together, in bytes; -1 for none. */
  memswap?: number | undefined;
  /** Size of `/dev/shm`, in bytes. By default 64 MiB. */
  shmSize?: number | undefined;
  /** Relative weight of CPU time. */
  cpuShares?: number | undefined;
  /** The CPUs to run on, such as `0-2,4`. */
  cpuSetCpus?: string | undefined;
  /** The memory nodes to use, such as `0,1`. */
  cpuSetMems?: string | undefined;
  /** Length of a period of CPU time, in microseconds. */
  cpuPeriod?: number | undefined;
  /** CPU time within each period, in microseconds. */
  cpuQuota?: number | undefined;
  /** The control group below which the containers' own lie. */
  cgroupParent?: string | undefined;
  /** Security options, such as `seccomp=unconfined`. */
  securityOpt?: string | readonly string[] | undefined;
  /** How containers are kept apart from their host, on Windows: `process` or `hyperv`. */
  isolation?: string | undefined;
  /** Resource limits of the processes. */
  ulimits?: readonly Ulimit[] | undefined;
}

/** Options of {@link Client.buildImage}. */
export interface BuildImageOptions extends BuildSourceOptions, BuildLimitOptions, ProgressOptions {
  /**
   * Names of the image, such as `app:1.2`. By default none, or `remote` where that can be a name, as `github.com/user/repo` can.
   */
  name?: string | readonly string[] | undefined;
  /** Whether to do every step anew. By default false: what was done before is taken from the cache. */
  noCache?: boolean | undefined;
  /** Images to be searched for steps that were done before. API 1.25+. */
  cacheFrom?: readonly string[] | undefined;
  /** Whether nothing but the image's ID is told. By default false. */
  suppressOutput?: boolean | undefined;
  /** Whether to pull the images that are built upon even though they are here. By default false. */
  pull?: boolean | undefined;
  /** Whether to remove the containers of steps that went well. By default true. */
  rmTmpContainer?: boolean | undefined;
  /** Whether to remove the containers of all steps. By default false. */
  forceRmTmpContainer?: boolean | undefined;
  /** Values of the Dockerfile's `ARG` instructions. One that is null is there without a value. */
  buildArgs?: Readonly<Record<string, string | null>> | undefined;
  /** Labels of the image. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Whether to make one layer of all that the build adds. By default false. Takes an experimental engine. API 1.25+. */
  squash?: boolean | undefined;
  /** The network of the steps: `default`, `none`, `host`, `container:<id>` or a network's name. API 1.25+. */
  networkMode?: string | undefined;
  /** Further lines of the steps' `/etc/hosts`, each `name:address`. API 1.28+. */
  extraHosts?: string | readonly string[] | undefined;
  /** The platform to build for. By default the engine's own. API 1.32+. */
  platform?: Platform | undefined;
  /** The stage of the Dockerfile to end with. By default the last. API 1.37+. */
  target?: string | undefined;
  /** The builder: `1` for the classic one, which is the default, `2` for BuildKit. API 1.38+. */
  version?: "1" | "2" | undefined;
  /** Where BuildKit puts the result. By default it becomes an image. API 1.40+. */
  outputs?: readonly BuildOutput[] | undefined;
  /** The BuildKit session that the build asks for files, credentials and secrets. API 1.31+. */
  session?: string | undefined;
  /** An ID of the caller's choice, by which {@link Client.cancelBuild} can end a build by BuildKit. API 1.38+. */
  buildId?: string | undefined;
  /**
   * Credentials for the registries that the build pulls from, by registry; false for none. By default those of the client.
   * BuildKit takes credentials from its session alone.
   */
  authConfigs?: AuthConfigurations | false | undefined;
}
