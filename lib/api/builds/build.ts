import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import {
  authConfiguration,
  credentials,
  flag,
  integer,
  jsonList,
  jsonMap,
  jsonMapNullable,
  notSent,
  notSentSince,
  platformString,
  repeated,
  repeatedReference,
  source,
  type Taken,
  text,
} from "../../core/fields/fields.js";
import { ulimit } from "../../core/members/containers.js";
import { list, map, mapOf, type MembersOf, value } from "../../core/members/shape.js";
import { operation } from "../../core/operation.js";
import { progress, progressFields } from "../../core/progress.js";
import { type ApiErrorFactory, NotImplementedError } from "../../errors/api-error.js";
import type { Progress } from "../../streams/progress.js";
import type { ProgressMessage } from "../../types/progress.js";
import type { BuildImageOptions, BuildOutput } from "./build-options.js";
import { BuildOutcome, type BuildResult } from "./build-outcome.js";
import { checkBuildSource, openBuildSource } from "./build-source.js";
import { checkEngineForBuildKit, checkForBuildKit, checkWithoutOwnSession, ownSessionFeatures } from "./buildkit-checks.js";
import { runningBuilds } from "./running-builds.js";
import { grpc, PROTOCOL, session, type SessionOptions } from "./session-operations.js";

/** Creates the error for a build that fails before it has written any output. */
const rejectedBuild: ApiErrorFactory = (details) => new BuildOutcome().error(details);

const buildOutput: MembersOf<BuildOutput> = { Type: value, Attrs: map, directory: value, outputStream: value };

/** The version since which the client builds over a session of its own. */
const OWN_SESSION = "1.39";

const buildImage = operation<BuildImageOptions>({
  name: "buildImage",
  method: "POST",
  path: "/build",
  longRunning: true,
  fields: {
    name: repeatedReference("t"),
    contextDir: notSent,
    inputStream: source,
    remote: text("remote"),
    dockerfile: text("dockerfile"),
    dockerfileContent: notSent,
    noCache: flag("nocache"),
    cacheFrom: jsonList("cachefrom", { members: list, since: "1.25" }),
    suppressOutput: flag("q"),
    pull: flag("pull"),
    rmTmpContainer: flag("rm"),
    forceRmTmpContainer: flag("forcerm"),
    memory: integer("memory"),
    memswap: integer("memswap"),
    shmSize: integer("shmsize"),
    cpuShares: integer("cpushares"),
    cpuSetCpus: text("cpusetcpus"),
    cpuSetMems: text("cpusetmems"),
    cpuPeriod: integer("cpuperiod"),
    cpuQuota: integer("cpuquota"),
    cgroupParent: text("cgroupparent"),
    securityOpt: repeated("securityopt"),
    isolation: text("isolation"),
    ulimits: jsonList("ulimits", { members: [ulimit] }),
    buildArgs: jsonMapNullable("buildargs"),
    proxies: notSent,
    labels: jsonMap("labels"),
    squash: flag("squash", { since: "1.25" }),
    networkMode: text("networkmode", { since: "1.25" }),
    extraHosts: repeated("extrahosts", { since: "1.28" }),
    platform: platformString("platform", { since: "1.32" }),
    target: text("target", { since: "1.37" }),
    version: text("version", { since: "1.38" }),
    outputs: jsonList("outputs", { members: [buildOutput], since: "1.40" }),
    session: text("session", { since: "1.31" }),
    buildId: text("buildid", { since: "1.38" }),
    secrets: notSentSince(OWN_SESSION),
    ssh: notSentSince(OWN_SESSION),
    contexts: notSentSince("1.42"),
    platforms: notSentSince(OWN_SESSION),
    cacheTo: notSentSince(OWN_SESSION),
    noCacheFilter: notSentSince(OWN_SESSION),
    provenance: notSentSince("1.43"),
    entitlements: notSentSince(OWN_SESSION),
    authConfigs: credentials("X-Registry-Config", mapOf(authConfiguration)),
    ...progressFields,
  },
  errors: () => ({ 400: rejectedBuild, 500: rejectedBuild }),
});

/** Matches a remote source that is also a valid image name: a host and a path without a scheme. */
const remoteName = /^[a-z0-9.-]+\.[a-z]+(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/;

/** Mixed into {@link Client}. */
export default abstract class BuildBuildMixin extends Connection {
  /**
   * Builds an image from a Dockerfile.
   *
   * The build context is a local directory (`contextDir`), a tar archive (`inputStream`), a URL that the engine fetches
   * (`remote`), or just a Dockerfile (`dockerfileContent`).
   *
   * @category Builds
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageBuild | ImageBuild}
   * @throws {@link BuildError} when the build fails. The error contains the exit status of the failed step and the end of the
   * log.
   * @throws {@link MissingRepoError} when no source is set.
   * @throws {@link MultipleContextsError} when several sources are set.
   * @throws {@link InvalidOptionError} when the directory or Dockerfile does not exist, or `.dockerignore` is malformed.
   * @throws {@link ArchiveError} when a file in `contextDir` cannot be read.
   * @throws {@link InputStreamError} when `inputStream` fails.
   * @example
   * ```ts
   * const build = client.buildImage({ contextDir: "app", name: "app:1.2", buildArgs: { REVISION: "4711" } });
   * for await (const { stream } of build) if (stream !== undefined) process.stdout.write(stream);
   * const { imageId } = await build;
   * ```
   */
  buildImage(options: BuildImageOptions, call?: CallOptions): Progress<BuildResult> {
    const name = options.name ?? (remoteName.test(options.remote ?? "") ? options.remote : undefined);
    const withProxies = (taken: Taken<BuildImageOptions>): Taken<BuildImageOptions> => {
      const { buildArgs, proxies = true } = taken;
      return { ...taken, name, buildArgs: proxies ? this.settings.withProxyArgs(buildArgs, this.endpoint) : buildArgs };
    };
    let build: Build = { outcome: new BuildOutcome() };
    const post = async (inner: CallOptions, taken: Taken<BuildImageOptions>) => {
      checkWithoutOwnSession(options);
      const { version, authConfigs } = taken;
      // BuildKit ignores the credentials in the header, so none are loaded
      const own = authConfigs ?? (version === "2" ? false : undefined);
      const secretHeaders = await this.credentials.buildHeader(own, inner.signal);
      const { upload, dockerfile } = await openBuildSource(taken);
      const headers = upload ? { "Content-Type": "application/x-tar" } : undefined;
      try {
        return await this.open(buildImage, { ...withProxies(taken), dockerfile }, inner, { secretHeaders, headers, upload });
      } catch (error) {
        if (upload !== taken.inputStream) upload?.destroy();
        throw error;
      }
    };
    const solve = async (inner: CallOptions, taken: Taken<BuildImageOptions>) => {
      checkForBuildKit(options);
      const engine = await this.check(buildImage, { ...withoutTargets(options), name }, inner);
      checkEngineForBuildKit(options, engine, this.endpoint);
      const { decodeTrace, solveBuild, BuildKitOutcome, PlainDisplay } = await import("./buildkit.js");
      const outcome = new BuildKitOutcome(decodeTrace);
      const silent = { ...inner, timeouts: { ...inner.timeouts, inactivity: 0 } };
      const client = {
        endpoint: this.endpoint,
        env: this.environment(),
        running: runningBuilds(this),
        session: (of: SessionOptions) => this.hijack(session, of, silent, { upgrade: PROTOCOL }),
        grpc: (isSilent: boolean) => this.hijack(grpc, {}, isSilent ? silent : inner, { upgrade: PROTOCOL }),
        lookUp: (registry: string, signal: AbortSignal) => this.credentials.lookUp(registry, options.authConfigs, signal),
      };
      try {
        const answer = await solveBuild(client, withProxies(taken), outcome);
        const display = new PlainDisplay();
        build = { outcome, display: ({ trace }) => (trace ? display.render(trace) : "") };
        return answer;
      } catch (error) {
        // Podman has no BuildKit, and builds without it what BuildKit builds
        const isNeeded = !ownSessionFeatures(options).next().done;
        if (isNeeded || !(error instanceof NotImplementedError)) throw error;
        return post(inner, taken);
      }
    };
    const open = (inner: CallOptions, taken: Taken<BuildImageOptions>) => {
      checkBuildSource(options, buildImage.name);
      return options.version === "2" && options.session === undefined ? solve(inner, taken) : post(inner, taken);
    };
    const isImage = options.outputs === undefined || options.outputs.some(({ Type }) => Type === "moby");
    return progress({ client: this, method: buildImage, options, call }, open, {
      read: (message) => build.outcome.read(message),
      result: () => build.outcome.result(isImage, { operation: buildImage.name, endpoint: this.endpoint }),
      error: (details, code, mask) => build.outcome.error(details, code, mask),
      get display() {
        return build.display;
      },
    });
  }
}

/** A build in progress. */
interface Build {
  outcome: BuildOutcome;
  /** Formats its messages; undefined with the classic builder. */
  display?: (message: ProgressMessage) => string;
}

/** Returns the options without the local destinations of the outputs, which are not JSON. */
function withoutTargets(options: BuildImageOptions): BuildImageOptions {
  if (!options.outputs) return options;
  return { ...options, outputs: options.outputs.map(({ Type, Attrs }) => ({ Type, Attrs })) };
}
